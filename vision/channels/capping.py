"""Places that nobody fills alone: of each brand no more than its share, and verified claimants apart.

An attacker who registers a thousand look-alikes must not blind a brand (docs/decisions/0018).
"""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from vision.channels.register import ViewOwner

FROM_A_BRAND = 3  # views
FROM_UNVERIFIED = 2  # views of all unverified claimants together, whose claims restrict nobody


def cap_per_brand(owners: Iterable[ViewOwner], most: int) -> list[UUID]:
    """The first `most` views of verified claimants and a few of others, in the order given."""
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
    """The first `most` of verified claimants, and as many of others; of each brand its share."""
    taken: Counter[UUID] = Counter()
    kept: dict[bool, list[ViewOwner]] = {True: [], False: []}
    for owner in owners:
        if taken[owner.brand] < of_a_brand and len(kept[owner.verified]) < most:
            taken[owner.brand] += 1
            kept[owner.verified].append(owner)
    return kept[True], kept[False]
