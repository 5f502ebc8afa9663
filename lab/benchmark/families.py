"""What each family counts for. A name with a slash (edit-crop-60/logo) is reported separately and counts for
nothing.
"""

from collections.abc import Iterable

from lab.benchmark.rows import Row

SHOPS = ("shop-photo", "sibling-photo")


def is_edit(family: str) -> bool:
    return family.startswith("edit-") and "/" not in family


def is_clean(family: str) -> bool:
    """Whether false alerts are stated on this family: it shows nothing registered by another brand."""
    return is_edit(family) or family in {"unrelated-photo", "unrelated-produce"}


def clean(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if is_clean(row.family)]


def by_family(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Groups the rows by family name; families that count for nothing come last."""
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row.family, []).append(row)
    return {name: families[name] for name in sorted(families, key=lambda n: ("/" in n, n))}
