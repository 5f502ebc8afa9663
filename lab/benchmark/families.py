"""What each family counts for. A name with a slash (edit-crop-60/logo) is reported separately and counts for
nothing.
"""

from collections.abc import Iterable, Sequence

from lab.benchmark.rows import Row
from lab.calibration.folder import OTHERS_BEHIND

SHOPS = ("shop-photo", "sibling-photo")
# One picture shows much more than other listings do, so its time is reported apart.
SHELVES, LONG = "shelf-", "long-"
WITH_VIEWS = "/views"  # ends the families that are matched with further views of the designs


def is_edit(family: str) -> bool:
    return family.startswith("edit-") and "/" not in family


def is_clean(family: str) -> bool:
    """Whether false alerts are stated on this family: it shows nothing registered by another brand."""
    return is_edit(family) or family in {"unrelated-photo", "unrelated-produce"}


def is_single(family: str) -> bool:
    return not family.startswith((SHELVES, LONG))


def shows_nothing_else(family: str) -> bool:
    """Whether another brand's match is certainly false: nothing else that is registered can be seen."""
    return base_of(family) not in OTHERS_BEHIND


def is_shop(family: str) -> bool:
    """Whether it shows a registered brand, of which any design may be flagged."""
    return base_of(family) in SHOPS


def base_of(family: str) -> str:
    return family.partition("/")[0]


def clean(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if is_clean(row.family)]


def pictures(rows: Iterable[Row]) -> list[Row]:
    """Returns one row for each picture: a shelf has a row for each product."""
    return list({(row.family, row.path): row for row in rows}.values())


def by_family(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Groups the rows by family name; families that count for nothing come last."""
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row.family, []).append(row)
    return {name: families[name] for name in in_order(families)}


def in_order(families: Iterable[str]) -> Sequence[str]:
    """Sorts by name and by the numbers in it; families that count for nothing come last."""
    return sorted(families, key=lambda name: ("/" in name, natural(name)))


def natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in name.split("-")]
