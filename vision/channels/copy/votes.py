"""Votes of a listing's local features for registered views, and whether they agree on a place.

The codes of the listing's points are searched in the index of all registered codes. A vote's weight is how
much nearer the code is than that of the tenth brand, which stands for what is near by chance. Votes of chance are
scattered; those for a view that is there agree on where it lies. That takes a fraction of a millisecond a
view, so a hundred views are looked at and not ten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.geometry.features import LocalFeatures
from vision.geometry.verification import distinct
from vision.index.base import Ids
from vision.index.codes import CodeHits


@dataclass(frozen=True)
class VoteSpec:
    by_chance: int = 10  # the brand whose nearest code stands for chance
    # Bits from which a code is never near: where few brands are registered, no tenth one says so. The nearest
    # of another picture's 400 codes differs in some 85.
    most_differing: int = 80
    # Bits up to which two codes show one detail, however many brands have it.
    least_differing: int = 24
    views: int = 100  # views with the most votes that are looked at
    fewest: int = 4  # votes that can agree on a place
    # Votes that agree clearly on a place: of 160 shop photographs and 4,300 other views, 6 do by chance.
    clearly: int = 7
    # Pixels by which a vote may miss its place, since goods bend: of the listing, and of the view. The
    # latter keep a view from being squeezed into any small place with many points.
    pixels: float = 8.0
    pixels_of_view: float = 40.0
    iterations: int = 300
    # How much smaller than the listing's pixels or larger than them a view may lie there, and how much
    # shorter one way than the other: its own proportions and a steep angle.
    least_scale: float = 0.02
    most_scale: float = 20.0
    most_squeezed: float = 8.0
    side: float = 400.0  # pixels of a view, whatever its proportions


SPEC = VoteSpec()


@dataclass(frozen=True)
class Votes:
    """The votes for one fingerprint. `weight` has no unit, only its order means anything. `points int64[n]`
    are the listing's points whose votes agree on a place.
    """

    fingerprint: int
    weight: float
    points: NDArray[np.int64]

    @cached_property
    def places(self) -> frozenset[int]:
        return frozenset(self.points.tolist())

    @property
    def agreeing(self) -> int:
        return len(self.points)


type Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows and columns of the hits."""


def votes(
    hits: CodeHits, listing: LocalFeatures, chosen: NDArray[np.int64], places: int = 1
) -> list[Votes]:
    """Returns the views with the most votes. Row `i` of the hits is of the listing's point `chosen[i]`. A view
    has an item for each of up to so many places, if its votes clearly agree on the first.
    """
    if not hits.ids.size:
        return []
    limit = chance(hits)
    voting = (hits.ids >= 0) & (hits.differing < limit)
    weights = ((limit - hits.differing) / limit) ** 2
    ids, place = np.unique(hits.ids[voting], return_inverse=True)
    total = np.bincount(place, weights[voting], len(ids))
    best = np.argsort(-total, kind="stable")[: SPEC.views]
    points = listing.points[chosen] * (listing.width, listing.height)
    pairs = dict(pairs_of(hits, voting, np.sort(ids[best])))
    return [
        Votes(int(ids[one]), float(total[one]), chosen[rows])
        for one in best
        for rows in places_of(hits, points, pairs[int(ids[one])], places)
    ]


def places_of(
    hits: CodeHits, points: NDArray[np.floating[Any]], pairs: Pairs, most: int
) -> Iterator[NDArray[np.int64]]:
    """Yields the rows that agree on each place of a view, each outside the boxes of those before. The first
    may be empty.
    """
    for number in range(most):
        rows = agreeing(hits, points, pairs)
        if len(rows) or not number:
            yield rows
        if len(rows) < SPEC.clearly:
            return
        of_place, voting = points[rows], points[pairs[0]]
        low, high = of_place.min(axis=0), of_place.max(axis=0)
        outside = ((voting < low) | (voting > high)).any(axis=1)
        pairs = pairs[0][outside], pairs[1][outside]


def chance(hits: CodeHits) -> NDArray[np.int32]:
    """Returns for each code how many bits differ by chance, `int32[n, 1]`: as many as for the nearest code of
    the tenth brand. So look-alikes of a few brands do not make others' votes look like chance.
    """
    tenth = hits.firsts & (hits.firsts.cumsum(axis=1) == SPEC.by_chance)
    most = SPEC.most_differing
    differing = np.where(tenth, hits.differing, most).min(axis=1, keepdims=True)
    return np.asarray(np.clip(differing, SPEC.least_differing, most), np.int32)


def pairs_of(hits: CodeHits, voting: NDArray[np.bool_], ids: Ids) -> Iterator[tuple[int, Pairs]]:
    """Yields the votes for each of `ids`, ascending; a point votes once for a view, by the nearest code."""
    rows, columns = np.nonzero(voting & np.isin(hits.ids, ids))
    of = hits.ids[rows, columns]
    order = np.lexsort((columns, rows, of))
    again = (np.diff(of[order], prepend=-1) == 0) & (np.diff(rows[order], prepend=-1) == 0)
    order = order[~again]
    starts = np.searchsorted(of[order], ids)
    ends = np.searchsorted(of[order], ids, side="right")
    for number, start, end in zip(ids.tolist(), starts.tolist(), ends.tolist(), strict=True):
        yield number, (rows[order[start:end]], columns[order[start:end]])


def agreeing(hits: CodeHits, points: NDArray[np.floating[Any]], pairs: Pairs) -> NDArray[np.int64]:
    """Returns the rows that agree on one affine map between view and listing; none where fewer than four do."""
    rows, columns = pairs
    none = np.empty(0, np.int64)
    if len(rows) < SPEC.fewest:
        return none
    on_view = np.asarray(hits.places[rows, columns] * SPEC.side, np.float32)
    on_listing = np.asarray(points[rows], np.float32)
    found, mask = cv2.estimateAffine2D(
        on_view,
        on_listing,
        method=cv2.RANSAC,
        ransacReprojThreshold=SPEC.pixels,
        maxIters=SPEC.iterations,
        confidence=0.99,
        refineIters=0,
    )
    if found is None or not plausible(found):
        return none
    off = on_listing - (on_view @ found[:, :2].T + found[:, 2])
    off_view = np.linalg.norm(off @ np.linalg.inv(found[:, :2]).T, axis=1)
    kept = (mask.ravel() > 0) & (off_view < SPEC.pixels_of_view)
    if distinct(on_listing[kept], on_view[kept]) < SPEC.fewest:
        return none
    return np.unique(rows[kept])


def plausible(affine: NDArray[Any]) -> bool:
    """Whether a map of the view's pixels to the listing's has a size and an angle that occur."""
    large, small = np.linalg.svd(affine[:, :2], compute_uv=False)
    return bool(
        SPEC.least_scale < small and large < SPEC.most_scale and large < SPEC.most_squeezed * small
    )
