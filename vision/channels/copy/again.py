"""Looks at a picture again, without what was already found in it.

A strong match explains its place in the picture: the points that lie on it vote no more. What is left may
show further goods, whose votes were lost among those for the first. Where several goods were found, the
picture may be a shelf: then more of its points are looked at, since each product has only a small part of
them, and each candidate is verified by the points around its own place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vision.channels.capping import FROM_UNVERIFIED
from vision.channels.copy import NAME
from vision.channels.copy.retrieval import Voted, by_standing, in_place, most_voted
from vision.channels.copy.verification import CopyMatch
from vision.channels.image_features import ImageFeatures
from vision.channels.register import Query
from vision.geometry.codes import SPEC as CODES
from vision.geometry.features import LocalFeatures, extract
from vision.geometry.polygons import project
from vision.stages import stage


@dataclass(frozen=True)
class AgainSpec:
    # Inliers from which a match explains its place: unrelated pairs have at most 8.
    convincing: int = 12
    margin: float = 0.03  # share of a view's side by which its place is wider
    fewest: int = 40  # points left, below which nothing more is looked for
    several: int = 2  # places explained from which the picture may be a shelf
    points: int = 4000  # of a shelf; other pictures have 1,000
    voting: int = 2000  # of these, the strongest that are left; of other pictures 500
    at_a_time: int = 24  # views verified in each round
    around: float = 0.75  # share of a place's width and height by which points around it count


SPEC = AgainSpec()
EXPLAINED, MANY = f"{NAME}: explained", f"{NAME}: many points"


def look_again(
    features: ImageFeatures, query: Query, matches: Mapping[UUID, CopyMatch]
) -> dict[UUID, LocalFeatures | None]:
    """Returns further candidates, each with the points around its place; nothing once the matches explain no
    more than they did before.
    """
    found = [match for match in matches.values() if match.inliers >= SPEC.convincing]
    if len(found) <= query.shared.get(EXPLAINED, 0):
        return {}
    query.shared[EXPLAINED] = len(found)
    shelf = len(apart(found)) >= SPEC.several
    local = many_points(features, query) if shelf else features.local
    left = np.flatnonzero(~explained(local.points, found))
    if len(left) < SPEC.fewest:
        return {}
    most = SPEC.voting if shelf else CODES.of_a_listing
    voted = most_voted(local, left[:most], query.register)
    return {
        one.owner.view: around(local, one) if shelf else None
        for one in chosen(voted)
        if one.owner.view not in matches
    }


def many_points(features: ImageFeatures, query: Query) -> LocalFeatures:
    if MANY not in query.shared:
        with stage("local features"):
            query.shared[MANY] = extract(features.picture, SPEC.points)
    found: LocalFeatures = query.shared[MANY]
    return found


def explained(points: NDArray[np.float32], matches: list[CopyMatch]) -> NDArray[np.bool_]:
    """Returns which points, `float32[n, 2]` in normalised coordinates, lie on the views of the matches."""
    inside = np.zeros(len(points), np.bool_)
    for match in matches:
        if match.geometry is not None:
            on_view = project(points.astype(np.float64), np.linalg.inv(match.geometry.homography))
            inside |= ((on_view > -SPEC.margin) & (on_view < 1 + SPEC.margin)).all(axis=1)
    return inside


def apart(matches: list[CopyMatch]) -> list[CopyMatch]:
    """Returns the matches in places of their own: of several in one place, the one with the most inliers."""
    kept: list[CopyMatch] = []
    for match in sorted(matches, key=lambda one: -one.inliers):
        if match.geometry is not None:
            centre = project(np.array([[0.5, 0.5]]), match.geometry.homography)
            if not explained(centre.astype(np.float32), kept).any():
                kept.append(match)
    return kept


def chosen(voted: list[Voted]) -> Iterator[Voted]:
    """Yields the views whose votes clearly agree on a place."""
    ours, theirs = by_standing(voted)
    yield from in_place(ours, 0, SPEC.at_a_time)
    yield from in_place(theirs, 0, FROM_UNVERIFIED)


def around(local: LocalFeatures, voted: Voted) -> LocalFeatures:
    """Returns the points around the place on which the votes agree."""
    place = local.points[voted.votes.points]
    low, high = place.min(axis=0), place.max(axis=0)
    reach = SPEC.around * (high - low)
    near = ((local.points >= low - reach) & (local.points <= high + reach)).all(axis=1)
    return local.among(np.flatnonzero(near))
