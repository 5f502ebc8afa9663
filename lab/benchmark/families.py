"""Which families count for what. A name with a slash (edit-crop-60/logo) is reported beside the
others and counts for nothing.
"""

from collections.abc import Iterable

from lab.benchmark.rows import Row

SHOPS = ("shop-photo", "sibling-photo")


def is_edit(family: str) -> bool:
    return family.startswith("edit-") and "/" not in family


def is_clean(family: str) -> bool:
    """False alerts are stated on these: nothing registered of another brand is there."""
    return is_edit(family) or family in {"unrelated-photo", "unrelated-produce"}


def clean(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if is_clean(row.family)]


def by_family(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """By name, what counts for nothing last."""
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row.family, []).append(row)
    return {name: families[name] for name in sorted(families, key=lambda n: ("/" in n, n))}
