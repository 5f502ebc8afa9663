"""Chooses the pictures of a folder that listings are made of."""

from collections.abc import Sequence

from lab.calibration.folder import EDITED_KINDS, DesignRow, LabelledFolder

# Neither shows anything registered. On a carton another registered brand can really be visible.
ORDINARY = ("unrelated-photo", "unrelated-produce")


def first_views(folder: LabelledFolder) -> list[DesignRow]:
    """Returns the first view of each design, in the folder's order."""
    views: dict[str, DesignRow] = {}
    for row in folder.designs:
        views.setdefault(row.design_id, row)
    return list(views.values())


def flat_designs(folder: LabelledFolder) -> list[DesignRow]:
    """Returns the first view of each packaging and photo design."""
    return [row for row in first_views(folder) if row.kind in EDITED_KINDS]


def scenes(folder: LabelledFolder) -> list[str]:
    """Returns photographs in which nothing is registered."""
    return [row.path for row in folder.listings if row.family == ORDINARY[0]]


def ordinary(folder: LabelledFolder) -> list[str]:
    return [row.path for row in folder.listings if row.family in ORDINARY]


def spread[T](items: Sequence[T], most: int) -> list[T]:
    """Returns at most that many items, spread evenly over all of them."""
    count = min(most, len(items))
    return [items[number * len(items) // count] for number in range(count)]
