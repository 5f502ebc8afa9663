"""Looks at a picture again, without what was already found in it.

A strong match explains its place in the picture: the points that lie on it vote no more. What is left may
show further goods, whose votes were lost among those for the first, and further copies of what was found.
All points of the picture at its full working size are looked at then. Where several goods were found, the picture
may be a shelf: then more points vote, since each product has only a small part of them, and each candidate is
verified by the points around its own places.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vision.channels.capping import FROM_UNVERIFIED
from vision.channels.copy import NAME
from vision.channels.copy.places import SPEC as PLACES
from vision.channels.copy.places import apart, explained
from vision.channels.copy.retrieval import Voted, by_standing, in_place, most_voted
from vision.channels.copy.searched import SearchedPoints
from vision.channels.copy.verification import CopyMatch
from vision.channels.register import Query
from vision.geometry.codes import SPEC as CODES
from vision.geometry.features import SPEC as FEATURES
from vision.geometry.features import LocalFeatures, extract_finely
from vision.stages import stage


@dataclass(frozen=True)
class AgainSpec:
    fewest: int = 40  # points left, below which nothing more is looked for
    several: int = 2  # places explained from which the picture may be a shelf
    voting: int = (
        2000  # points of a shelf that vote, the strongest that are left; of other pictures 500
    )
    at_a_time: int = 24  # places verified in each round
    of_a_view: int = 6  # of these places
    around: float = 0.75  # share of a place's width and height by which points around it count


SPEC = AgainSpec()
EXPLAINED, MANY = f"{NAME}: explained", f"{NAME}: many points"


def look_again(query: Query, matches: Mapping[UUID, CopyMatch]) -> dict[UUID, list[LocalFeatures]]:
    """Returns candidates, each with the points around its places; nothing once the matches explain no more
    than they did before. Among them are views that were found already, with other places.
    """
    found = [
        place
        for match in matches.values()
        for place in match.places
        if place.inliers >= PLACES.convincing
    ]
    if len(found) <= query.shared.get(EXPLAINED, 0):
        return {}
    query.shared[EXPLAINED] = len(found)
    if (~explained(query.features.local.points, found)).sum() < SPEC.fewest:
        return {}
    shelf = len(apart(found)) >= SPEC.several
    points = many_points(query)
    local = points.local
    left = np.flatnonzero(~explained(local.points, found))
    most = SPEC.voting if shelf else CODES.of_a_listing
    candidates: dict[UUID, list[LocalFeatures]] = defaultdict(list)
    for one in chosen(most_voted(points, left[:most], SPEC.of_a_view)):
        view = one.owner.view
        if view in matches:
            candidates[view].append(around(local, one, left))
        elif shelf:
            candidates[view].append(around(local, one))
        else:
            candidates[view] = [local]
    return dict(candidates)


def many_points(query: Query) -> SearchedPoints:
    if MANY not in query.shared:
        picture = query.features.picture
        if max(picture.shape) <= FEATURES.side:
            local = query.features.all_points
        else:
            with stage("local features"):
                local = extract_finely(picture)
        query.shared[MANY] = SearchedPoints(local, query.register)
    found: SearchedPoints = query.shared[MANY]
    return found


def chosen(voted: list[Voted]) -> Iterator[Voted]:
    """Yields the views whose votes clearly agree on a place."""
    ours, theirs = by_standing(voted)
    yield from in_place(ours, 0, SPEC.at_a_time)
    yield from in_place(theirs, 0, FROM_UNVERIFIED)


def around(
    local: LocalFeatures, voted: Voted, among: NDArray[np.intp] | None = None
) -> LocalFeatures:
    """Returns the points around the place on which the votes agree, or those of them that are `among` these."""
    place = local.points[voted.votes.points]
    low, high = place.min(axis=0), place.max(axis=0)
    reach = SPEC.around * (high - low)
    near = ((local.points >= low - reach) & (local.points <= high + reach)).all(axis=1)
    if among is None:
        return local.among(np.flatnonzero(near))
    return local.among(among[near[among]])
