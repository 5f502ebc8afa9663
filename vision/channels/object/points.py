"""Print and parts that two pictures of an object share: local features that agree on one affine map."""

import cv2
import numpy as np

from vision.channels.object.spec import POINTS
from vision.geometry.features import LocalFeatures, detect_points
from vision.geometry.verification import distinct, mutual_matches
from vision.pictures.picture import Picture

FEWEST = 4  # matches from which a map is estimated: three determine one


def points_of(picture: Picture, most: int) -> LocalFeatures:
    """Returns the strongest points at a size at which fine print is gone and parts are left."""
    height, width = picture.shape[:2]
    factor = POINTS.side / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    working = np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)
    points, descriptors = detect_points(working, most)
    return LocalFeatures(points, descriptors, *size, (len(points),))


def in_common(listing: LocalFeatures, view: LocalFeatures) -> int:
    """Returns how many distinct places agree on a plausible map of the view to the listing, within a wide
    tolerance.
    """
    pairs = mutual_matches(listing, view)
    if len(pairs) < FEWEST:
        return 0
    target = listing.points[pairs[:, 0]] * POINTS.side
    source = view.points[pairs[:, 1]] * POINTS.side
    found, kept = cv2.estimateAffine2D(
        source,
        target,
        method=cv2.RANSAC,
        ransacReprojThreshold=POINTS.within * POINTS.side,
        maxIters=POINTS.iterations,
    )
    if found is None or not plausible(np.asarray(found[:, :2], float)):
        return 0
    agree = kept.ravel() > 0
    return distinct(source[agree], target[agree])


def plausible(turn: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    """Whether the map neither mirrors nor squeezes beyond what a turn shows."""
    greatest, least = np.linalg.svd(turn)[1]
    low, high = POINTS.stretched
    return bool(np.linalg.det(turn) > 0 and low <= least and greatest <= high)
