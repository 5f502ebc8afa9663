"""Caps for each brand, so that nobody fills all places; verified and unverified claimants count apart.

An attacker who registers a thousand look-alikes must not blind a brand (docs/decisions/0018).
"""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from vision.channels.register import ViewOwner

FROM_A_BRAND = 3  # views
FROM_UNVERIFIED = 2  # views of all unverified claimants together; their claims restrict nobody


def cap_per_brand(owners: Iterable[ViewOwner], most: int) -> list[UUID]:
    """Returns the first `most` views of verified claimants and FROM_UNVERIFIED others, in the given order."""
    taken: Counter[UUID] = Counter()
    kept: dict[bool, list[UUID]] = {True: [], False: []}
    for owner in owners:
        if taken[owner.brand] < FROM_A_BRAND:
            taken[owner.brand] += 1
            kept[owner.verified].append(owner.view)
    return kept[True][:most] + kept[False][:FROM_UNVERIFIED]


def split_by_standing(
    owners: Iterable[ViewOwner], *, most: int, of_a_brand: int
) -> tuple[list[ViewOwner], list[ViewOwner]]:
    """Returns up to `most` views of verified claimants and up to `most` of others, capped per brand."""
    taken: Counter[UUID] = Counter()
    kept: dict[bool, list[ViewOwner]] = {True: [], False: []}
    for owner in owners:
        if taken[owner.brand] < of_a_brand and len(kept[owner.verified]) < most:
            taken[owner.brand] += 1
            kept[owner.verified].append(owner)
    return kept[True], kept[False]
