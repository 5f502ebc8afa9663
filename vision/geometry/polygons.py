"""The matching region as a polygon on each of the two pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray

type Polygon = list[tuple[float, float]]
"""Corners in order, x and y in normalised coordinates (0..1)."""

type Points = NDArray[np.float64]
"""`float64[n, 2]` as x, y."""

SQUARE: Points = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
WHOLE: Polygon = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
MIRROR = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # of normalised points
SMALLEST = 1e-6  # area below which two pictures only touch


def matching_region(
    homography: NDArray[np.float64], part: Points = SQUARE
) -> tuple[Polygon, Polygon]:
    """Returns the polygons of the listing and of the view where the listing shows `part` of the view.
    Corners at the same index are the same place.

    `homography` maps points of the view to the listing, both in normalised coordinates. Both polygons are
    empty where the two do not overlap.
    """
    on_listing = without_repeats(within_square(project(part, homography)).round(4))
    if cv2.contourArea(on_listing.astype(np.float32)) < SMALLEST:
        return [], []
    on_view = np.clip(project(on_listing, np.linalg.inv(homography)), 0, 1)
    return as_polygon(on_listing), as_polygon(on_view)


def area_of(polygon: Polygon) -> float:
    """Returns the area as a share of the picture, 0..1."""
    return float(cv2.contourArea(np.array(polygon, np.float32))) if polygon else 0.0


def within_square(polygon: Points) -> Points:
    """Returns the part of a convex polygon within the unit square (Sutherland and Hodgman, 1974).

    OpenCV's intersectConvexConvex errs where edges nearly coincide, as those of a copy do.
    """
    for axis in (0, 1):
        polygon = before(polygon, axis, 1.0)
        polygon = mirrored(before(mirrored(polygon, axis), axis, 1.0), axis)
    return polygon


def before(polygon: Points, axis: int, limit: float) -> Points:
    kept: list[Points] = []
    for one, other in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if one[axis] <= limit:
            kept.append(one)
        if (one[axis] <= limit) != (other[axis] <= limit):
            share = (limit - one[axis]) / (other[axis] - one[axis])
            kept.append(one + share * (other - one))
    return np.array(kept, np.float64).reshape(-1, 2)


def mirrored(polygon: Points, axis: int) -> Points:
    out = polygon.copy()
    out[:, axis] = 1 - out[:, axis]
    return out


def without_repeats(polygon: Points) -> Points:
    moved: NDArray[np.bool_] = (polygon != np.roll(polygon, 1, axis=0)).any(axis=1)
    return np.asarray(polygon[moved], np.float64)


def project(points: Points, homography: NDArray[np.float64]) -> Points:
    projected = cv2.perspectiveTransform(points.reshape(1, -1, 2).astype(np.float64), homography)
    return np.asarray(projected.reshape(-1, 2), np.float64)


def as_polygon(points: Points) -> Polygon:
    return [(round(float(x), 4), round(float(y), 4)) for x, y in points]
