"""The matching region, as a polygon on each of the two pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray

type Polygon = list[tuple[float, float]]
"""Corners in order, x and y in shares of the picture (0..1)."""

SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
WHOLE: Polygon = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]


def matching_region(homography: NDArray[np.float64]) -> tuple[Polygon, Polygon]:
    """The part of the view that the listing shows: on the listing, and on the view.

    `homography` takes points of the view to the listing, both in shares. Both polygons are empty
    when the two do not overlap.
    """
    seen = project(SQUARE, homography)
    area, overlap = cv2.intersectConvexConvex(seen, SQUARE)
    if area <= 0 or overlap is None:
        return [], []
    on_listing = np.asarray(overlap, np.float32).reshape(-1, 2)
    on_view = np.clip(project(on_listing, np.linalg.inv(homography)), 0, 1)
    return as_polygon(on_listing), as_polygon(on_view)


def project(points: NDArray[np.float32], homography: NDArray[np.float64]) -> NDArray[np.float32]:
    projected = cv2.perspectiveTransform(points.reshape(1, -1, 2).astype(np.float64), homography)
    return np.asarray(projected.reshape(-1, 2), np.float32)


def as_polygon(points: NDArray[np.float32]) -> Polygon:
    return [(round(float(x), 4), round(float(y), 4)) for x, y in points]
