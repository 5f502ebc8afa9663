"""The outline of the goods in a photograph that an owner registers.

A hand-held photograph shows a hand and a shelf as well. Registered with the goods, they would be found in every
picture of that shelf. So only what lies within the outline is registered. The outline is found by what the
views of a design share: where another view lies in the photograph is certain, and from there GrabCut (Rother
and others, 2004) follows the colours up to where that view ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.edits.transforms import thing_on_plain_ground
from vision.geometry.features import SPEC as FEATURES
from vision.geometry.features import LocalFeatures, extract
from vision.geometry.polygons import (
    WHOLE,
    Points,
    Polygon,
    area_of,
    as_polygon,
    project,
    within_square,
)
from vision.geometry.verification import agreeing, verify
from vision.pictures.picture import Picture
from vision.pictures.resize import fit


@dataclass(frozen=True)
class OutlineSpec:
    """Chosen on 48 hand-held photographs of 16 cartons. docs/decisions/0029 has what they find."""

    convincing: int = 12  # points that show where another view lies: unrelated pairs have at most 8
    around: float = 1.3  # times the hull of these points: beyond that the goods are less likely
    side: int = 256  # pixels of the longer side at which colours are followed
    rounds: int = 3  # of GrabCut
    speck: int = 5  # pixels: narrower bridges to something else are cut
    most_corners: int = 16  # an owner drags them one by one
    finest: float = 0.01  # of the longer side, that a corner may be left out for
    smallest: float = 0.01  # share of the picture
    nearly_whole: float = 0.9
    ground: int = 255  # level of what is left out: that of official pictures


SPEC = OutlineSpec()
MIN_CORNERS = 3

type Mask = NDArray[np.uint8]
"""`uint8[height, width]`, 1 on the goods."""


@dataclass(frozen=True)
class KnownView:
    """Another view of the design. `goods` is the outline of the goods on it."""

    features: LocalFeatures
    goods: Polygon


def goods_on_plain_ground(picture: Picture) -> Polygon | None:
    """Returns the convex outline of what stands on a plain ground; None where the ground is not plain."""
    thing = thing_on_plain_ground(picture)
    if thing is None or thing.mean() < SPEC.smallest:
        return None
    return polygon_of(hull(np.argwhere(thing > 0)[:, ::-1]), thing.shape)


def outline_by_views(picture: Picture, views: Sequence[KnownView]) -> Polygon | None:
    """Returns the outline by the view that most points agree on, WHOLE where the goods fill the picture; None
    where no view lies in it.
    """
    working = fit(picture)
    local = extract(working).first(FEATURES.listing_points)
    found = [(made, view) for view in views if (made := verify(local, view.features))]
    if not found:
        return None
    geometry, view = max(found, key=lambda one: one[0].inliers)
    if geometry.inliers < SPEC.convincing:
        return None
    goods = project(np.array(view.goods, np.float64), geometry.homography)
    shared = hull(agreeing(local, view.features, geometry))
    small = fit(working, longest=SPEC.side)
    within = filled(within_square(hull(goods)), small.shape)
    around = filled(grown(shared, SPEC.around), small.shape)
    return followed(small, within, within & around, within & filled(shared, small.shape))


def grown(polygon: Points, factor: float) -> Points:
    middle = polygon.mean(axis=0)
    return np.asarray(middle + factor * (polygon - middle), np.float64)


def followed(small: Picture, within: Mask, likely: Mask, certain: Mask) -> Polygon | None:
    """Returns the outline of the goods by their colours, WHOLE where they fill the picture. They lie
    `within`, and `certain` shows them.
    """
    if within.mean() >= SPEC.nearly_whole:
        return WHOLE
    if certain.sum() < SPEC.speck**2:  # too few pixels to learn colours from
        return None
    marks = np.full(within.shape, cv2.GC_BGD, np.uint8)
    for mask, mark in (
        (within, cv2.GC_PR_BGD),
        (likely, cv2.GC_PR_FGD),
        (certain, cv2.GC_FGD),
    ):
        marks[mask > 0] = mark
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # GrabCut draws its first colours at random
    cv2.grabCut(small, marks, None, *models, SPEC.rounds, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    goods = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    kernel = np.ones((SPEC.speck, SPEC.speck), np.uint8)
    contours, _ = cv2.findContours(
        cv2.morphologyEx(goods, cv2.MORPH_OPEN, kernel), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    if not contours:
        return None
    found = polygon_of(max(contours, key=cv2.contourArea)[:, 0], small.shape)
    return WHOLE if found and area_of(found) >= SPEC.nearly_whole else found


def polygon_of(contour: NDArray[Any], shape: tuple[int, ...]) -> Polygon | None:
    """Returns the contour, `[n, 2]` in pixels, with few corners; None where it is hardly there."""
    fineness = SPEC.finest * max(shape)
    corners = simplified(contour, fineness)
    while len(corners) > SPEC.most_corners:
        fineness *= 1.25
        corners = simplified(contour, fineness)
    polygon = as_polygon(np.clip(corners / (shape[1], shape[0]), 0, 1))
    return polygon if SPEC.smallest <= area_of(polygon) else None


def simplified(contour: NDArray[Any], fineness: float) -> Points:
    found = cv2.approxPolyDP(
        np.asarray(contour, np.float32).reshape(-1, 1, 2), fineness, closed=True
    )
    return np.asarray(found[:, 0], np.float64)


def cut_out(picture: Picture, outline: Polygon) -> Picture:
    """Returns what lies within the outline, on white, as large as its bounding box."""
    mask = filled(np.array(outline, np.float64), picture.shape)
    left, top, width, height = cv2.boundingRect(mask)
    part = (slice(top, top + height), slice(left, left + width))
    shown = np.where(mask[part][..., None] > 0, picture[part], SPEC.ground)
    return np.ascontiguousarray(shown, np.uint8)


def within_box(outline: Polygon) -> Polygon:
    """Returns the outline in coordinates of its bounding box, which is what `cut_out` returns."""
    points = np.array(outline, np.float64)
    least, most = points.min(axis=0), points.max(axis=0)
    return as_polygon((points - least) / (most - least))


def filled(polygon: Points, shape: tuple[int, ...]) -> Mask:
    height, width = shape[:2]
    mask = np.zeros((height, width), np.uint8)
    if len(polygon) >= MIN_CORNERS:
        corners = np.round(polygon * (width, height)).astype(np.int32)
        cv2.fillPoly(mask, [corners], 1)
    return mask


def hull(points: NDArray[Any]) -> Points:
    found = cv2.convexHull(np.asarray(points, np.float32).reshape(-1, 1, 2))
    return np.asarray(found[:, 0], np.float64)
