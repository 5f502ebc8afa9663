"""Verifies whether two pictures show the same plane: matched points that agree on one homography."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.geometry.features import LocalFeatures, unit
from vision.geometry.polygons import project


@dataclass(frozen=True)
class PlaneSpec:
    """The conditions for a plausible plane."""

    ratio: float = 0.85  # nearest over second nearest descriptor distance (Lowe, 2004)
    fewest: int = 4  # points that determine a homography
    pixels: float = 4.0  # distance allowed between a matched point and where the homography puts it
    iterations: int = 2000
    # A design in a listing is not squeezed to a line, nor a hundred times its size.
    min_area: float = 0.001
    max_area: float = 100.0
    epsilon: float = 1e-6


SPEC = PlaneSpec()


@dataclass(frozen=True)
class Geometry:
    """`homography float64[3, 3]` maps points of the view to the listing, in normalised coordinates (0..1).

    `inliers` counts distinct places on the view that agree; `matched` those that were tried. `points
    float32[n, 2]` are the listing's points that agree, in normalised coordinates.
    """

    homography: NDArray[np.float64]
    inliers: int
    matched: int
    points: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2), np.float32))


def verify(listing: LocalFeatures, view: LocalFeatures) -> Geometry | None:
    """Returns None when fewer than four points agree or their plane is implausible.

    Uses OpenCV's MAGSAC (Barath and others, 2020) with a fixed seed: the same input gives the same answer.
    """
    pairs = mutual_matches(listing, view)
    if len(pairs) < SPEC.fewest:
        return None
    target = listing.points[pairs[:, 0]] * (listing.width, listing.height)
    source = view.points[pairs[:, 1]] * (view.width, view.height)
    found, mask = cv2.findHomography(
        source, target, cv2.USAC_MAGSAC, SPEC.pixels, maxIters=SPEC.iterations, confidence=0.999
    )
    if found is None:
        return None
    agreeing = mask.ravel() > 0
    inliers = distinct(source[agreeing], target[agreeing])
    homography = normalised(np.asarray(found, np.float64), listing, view)
    if inliers < SPEC.fewest or not plausible(homography):
        return None
    return Geometry(homography, inliers, len(pairs), listing.points[pairs[agreeing, 0]])


def agreeing(
    listing: LocalFeatures, view: LocalFeatures, geometry: Geometry
) -> NDArray[np.float32]:
    """Returns the places on the listing, `float32[n, 2]`, at which both agree by this geometry."""
    pairs = mutual_matches(listing, view)
    size = np.array([listing.width, listing.height], np.float32)
    there = listing.points[pairs[:, 0]]
    laid = project(view.points[pairs[:, 1]].astype(np.float64), geometry.homography)
    near = np.linalg.norm((there - laid) * size, axis=1) <= SPEC.pixels
    return np.asarray(there[near], np.float32)


def mutual_matches(listing: LocalFeatures, view: LocalFeatures) -> NDArray[np.intp]:
    """Returns pairs `[n, 2]` of listing index and view index. Both are clearly each other's nearest among
    the points of one part of the view: itself or a simulated tilt.
    """
    if len(listing) < 2:  # noqa: PLR2004 - a second nearest must exist
        return np.empty((0, 2), np.intp)
    likeness = listing.units @ unit(view.descriptors).T
    found = [clear_pairs(likeness[:, part]) + np.array([0, part.start]) for part in view.slices()]
    return np.concatenate(found) if found else np.empty((0, 2), np.intp)


def clear_pairs(likeness: NDArray[np.float32]) -> NDArray[np.intp]:
    """Overwrites `likeness float32[listing points, view points]`."""
    if likeness.shape[1] < 2:  # noqa: PLR2004 - likewise
        return np.empty((0, 2), np.intp)
    rows = np.arange(len(likeness))
    nearest = likeness.argmax(axis=1)
    best = likeness[rows, nearest]
    likeness[rows, nearest] = -1
    clear = np.flatnonzero(distance(best) < SPEC.ratio * distance(likeness.max(axis=1)))
    likeness[rows, nearest] = best
    back = likeness[:, nearest[clear]].argmax(axis=0)
    kept = clear[back == clear]
    return np.stack([kept, nearest[kept]], axis=1)


def distance(cosine: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.sqrt(np.maximum(2 - 2 * cosine, 0)), np.float32)


def distinct(source: NDArray[np.float32], target: NDArray[np.float32]) -> int:
    """Counts places, not points: SIFT puts several points on one spot, which prove no more than one."""
    places = {(round(x / 3), round(y / 3)) for x, y in source.tolist()}
    spots = {(round(x / 3), round(y / 3)) for x, y in target.tolist()}
    return min(len(places), len(spots))


def normalised(
    homography: NDArray[np.float64], listing: LocalFeatures, view: LocalFeatures
) -> NDArray[np.float64]:
    to_pixels = np.diag([view.width, view.height, 1.0])
    to_shares = np.diag([1 / listing.width, 1 / listing.height, 1.0])
    found = to_shares @ homography @ to_pixels
    return np.asarray(found / found[2, 2], np.float64)


def plausible(homography: NDArray[np.float64]) -> bool:
    """Whether the view is spots from its front: its corners stay in order, convex and of a plausible size."""
    if not np.isfinite(homography).all():
        return False
    corners = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]], float) @ homography.T
    if (corners[:, 2] <= SPEC.epsilon).any():
        return False
    quad = (corners[:, :2] / corners[:, 2:]).astype(np.float32)
    area = cv2.contourArea(quad, oriented=True)
    return bool(SPEC.min_area < area < SPEC.max_area and cv2.isContourConvex(quad))
