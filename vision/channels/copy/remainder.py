"""Finds the rectangle that is left of a view which was cropped before it was put into another picture.

The homography lays the missing parts over whatever surrounds the picture, and its polygon covers the whole
view. The pixels decide: both pictures agree inside the rectangle and disagree outside it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.geometry.polygons import SQUARE, Points
from vision.pictures.picture import Picture


@dataclass(frozen=True)
class RemainderSpec:
    """Thresholds for the pixel-by-pixel agreement of two pictures."""

    window: int = 11  # pixels of a thumbnail that are compared at a time
    textured: float = 16.0  # variance of grey levels from which a window is comparable
    sure: float = 0.85  # absolute correlation
    alike: float = 0.7
    unlike: float = 0.4
    same_colour: float = 14.0  # of 255, after the colours were adapted
    nearly: float = 20.0
    other_colour: float = 45.0
    few: int = 50  # pixels needed to estimate the change of colours
    beside: float = 0.06  # share of the view's pixels that must differ before it counts as cropped
    stray: float = 0.35  # the share of these that may agree by chance
    # share of a pixel line that may disagree where the rectangle grows over it
    across: float = 0.25


SPEC = RemainderSpec()


type Votes = NDArray[np.float64]
"""`float64[height, width]`: 1 where both agree, -1 where they disagree, 0 where neither is known."""


def part_left(view: Picture, laid: Picture, shown: NDArray[np.bool_]) -> Points:
    """Returns the remaining rectangle. `view` is a thumbnail, `laid` the listing in the view's frame."""
    votes = agreeing(view, laid, shown)
    left, top, right, bottom = grown(votes, densest(votes))
    beside = np.ones(votes.shape, np.bool_)
    beside[top:bottom, left:right] = False
    other = int((votes[beside] < 0).sum())
    if other < SPEC.beside * votes.size or (votes[beside] > 0).sum() > SPEC.stray * other:
        return SQUARE
    height, width = votes.shape
    corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
    return np.asarray(np.array(corners, np.float64) / (width, height))


def agreeing(view: Picture, laid: Picture, shown: NDArray[np.bool_]) -> Votes:
    ours, theirs = (cv2.GaussianBlur(p, (0, 0), 2.0).astype(np.float64) for p in (view, laid))
    mine, other = ours.mean(axis=2), theirs.mean(axis=2)
    spread, spread_there = covariance(mine, mine), covariance(other, other)
    likeness = np.abs(covariance(mine, other)) / np.sqrt(
        np.maximum(spread, 1e-6) * np.maximum(spread_there, 1e-6)
    )
    here, there = spread > SPEC.textured, spread_there > SPEC.textured
    sure = here & there & shown & (likeness > SPEC.sure)
    if sure.sum() < SPEC.few:
        return np.zeros(view.shape[:2])
    off = averaged(np.abs(recoloured(ours, theirs, sure) - theirs).max(axis=2))
    yes = (here & there & (likeness > SPEC.alike)) | (off < SPEC.same_colour)
    no = ((here | there) & (likeness < SPEC.unlike) & (off > SPEC.nearly)) | (
        off > SPEC.other_colour
    )
    return np.where(shown, np.where(yes, 1.0, np.where(no, -1.0, 0.0)), 0.0)


def averaged(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.blur(values, (SPEC.window, SPEC.window)), np.float64)


def covariance(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    return averaged(one * other) - averaged(one) * averaged(other)


def recoloured(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], sure: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Returns our colours changed to theirs by the affine map that fits most of the sure pixels."""
    known = np.concatenate([ours, np.ones((*ours.shape[:2], 1))], axis=2)
    kept = sure
    for _ in range(4):
        change, *_rest = np.linalg.lstsq(known[kept], theirs[kept], rcond=None)
        off = np.abs(known @ change - theirs).max(axis=2)
        kept = sure & (off <= max(8.0, float(np.median(off[sure]))))
    return np.asarray(known @ change, np.float64)


type Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


def densest(votes: Votes) -> Box:
    """Returns the rectangle with the greatest sum, accurate to two rows."""
    width = votes.shape[1]
    above = np.concatenate([np.zeros((1, width)), votes.cumsum(axis=0)])
    best, box = 0.0, (0, 0, width, len(votes))
    for bottom in range(2, len(above), 2):
        sums = (above[bottom] - above[:bottom:2]).cumsum(axis=1)
        sums = np.concatenate([np.zeros((len(sums), 1)), sums], axis=1)
        least = np.minimum.accumulate(sums, axis=1)
        top, right = np.unravel_index((sums - least).argmax(), sums.shape)
        if (gain := float(sums[top, right] - least[top, right])) > best:
            left = int(sums[top, : right + 1].argmin())
            best, box = gain, (left, 2 * int(top), int(right), bottom)
    return box


def grown(votes: Votes, box: Box) -> Box:
    """Extends the box over lines that hardly disagree, as windows across edges and plain ground decide
    nothing.
    """
    left, top, right, bottom = box
    against = votes < 0
    while left > 0 and against[top:bottom, left - 1].mean() < SPEC.across:
        left -= 1
    while right < votes.shape[1] and against[top:bottom, right].mean() < SPEC.across:
        right += 1
    while top > 0 and against[top - 1, left:right].mean() < SPEC.across:
        top -= 1
    while bottom < len(votes) and against[bottom, left:right].mean() < SPEC.across:
        bottom += 1
    return left, top, right, bottom
