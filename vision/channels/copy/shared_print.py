"""Takes out of a match what several brands print: seals, nutrition tables, a dairy's house style.

Points of a listing belong to shared print where views of several brands lie in the same place, or where
another brand's view lies that fits clearly better. What is left of a match is its own evidence. A view of
which most is found is there, whoever else registered its print.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vision.channels.copy.places import joined
from vision.channels.copy.verification import CopyMatch
from vision.channels.register import Register, ViewOwner

type Points = NDArray[np.float32]


@dataclass(frozen=True)
class SharedPrintSpec:
    # Share of a view's patches from which it is there, whoever else has its print.
    whole: float = 0.75
    # Inliers from which another match counts: unrelated pairs have at most 8.
    convincing: int = 9
    better: float = 1.25  # factor on the share of patches found by which another match fits better
    others: int = 2  # other brands that share a place
    around: float = 0.04  # share of the picture's side within which two points are in one place


SPEC = SharedPrintSpec()


@dataclass(frozen=True)
class Rival:
    brand: UUID
    points: Points
    fits_better: bool


def without_shared_print(
    matches: Mapping[UUID, CopyMatch], register: Register
) -> dict[UUID, CopyMatch]:
    """Returns the matches that change, each with its own evidence alone."""
    confirmed = {
        view: [place for place in match.places if is_convincing(place)]
        for view, match in matches.items()
    }
    if sum(map(bool, confirmed.values())) <= 1 or all(map(is_whole, chain(*confirmed.values()))):
        return {}
    owners = register.owners([view for view, places in confirmed.items() if places])
    changed: dict[UUID, CopyMatch] = {}
    for view, match in matches.items():
        if view in owners:
            own = [
                own_part(one, list(rivals_of(view, one, confirmed, owners))) for one in match.places
            ]
            if any(one is not place for one, place in zip(own, match.places, strict=True)):
                changed[view] = joined(own)
    return changed


def is_convincing(match: CopyMatch) -> bool:
    return match.inliers >= SPEC.convincing and len(points_of(match)) > 0


def is_whole(match: CopyMatch) -> bool:
    return match.agreement.share >= SPEC.whole


def points_of(match: CopyMatch) -> Points:
    return match.geometry.points if match.geometry else np.empty((0, 2), np.float32)


def rivals_of(
    view: UUID,
    match: CopyMatch,
    confirmed: Mapping[UUID, list[CopyMatch]],
    owners: Mapping[UUID, ViewOwner],
) -> Iterator[Rival]:
    """Yields the matches of other brands. What is not verified takes nothing from what is."""
    mine = owners[view]
    share = SPEC.better * match.agreement.share
    for other, places in confirmed.items():
        owner = owners.get(other)
        if owner and owner.brand != mine.brand and (owner.verified or not mine.verified):
            for one in places:
                yield Rival(owner.brand, points_of(one), one.agreement.share >= share)


def is_shared(points: Points, rivals: list[Rival]) -> NDArray[np.bool_]:
    """Returns which points lie where several brands' views lie, or one that fits better."""
    better = np.zeros(len(points), np.bool_)
    of_brand: dict[UUID, NDArray[np.bool_]] = {}
    for rival in rivals:
        there = close(points, rival.points)
        of_brand[rival.brand] = of_brand.get(rival.brand, False) | there
        if rival.fits_better:
            better |= there
    brands = np.sum(list(of_brand.values()), axis=0) if of_brand else 0
    return np.asarray(better | (brands >= SPEC.others), np.bool_)


def close(points: Points, others: Points) -> NDArray[np.bool_]:
    """Returns which points have one of the others close by."""
    apart = np.abs(points[:, None] - others[None]).max(axis=2)
    return np.asarray(apart.min(axis=1) <= SPEC.around, np.bool_)


def own_part(match: CopyMatch, rivals: list[Rival]) -> CopyMatch:
    """Returns the match of one place with the share of its points and patches that is its own."""
    if match.geometry is None or not is_convincing(match) or is_whole(match):
        return match
    shared = is_shared(points_of(match), rivals)
    if not shared.any():
        return match
    own, agreement = 1 - float(shared.mean()), match.agreement
    return replace(
        match,
        geometry=replace(match.geometry, inliers=int(own * match.geometry.inliers)),
        agreement=replace(
            agreement,
            alike=int(own * agreement.alike),
            in_place=int(own * agreement.in_place),
        ),
    )
