"""Aligns a one-colour logo with a picture: its shape is laid over the ink of each window.

A flat logo has too few points to match, but it has one colour in one shape. Its outline is compared with the
edges of the window at every size and place. In the best places, the map of where the colour beneath the shape is
gets compared with the shape, which is moved, turned and tilted until it lies on that ink.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.channels.logo.ink import Window, colours_of, ink_map
from vision.channels.logo.shapes import Map, Shape
from vision.channels.logo.spec import SPEC
from vision.geometry.polygons import SQUARE, Points, project


@dataclass(frozen=True)
class Alignment:
    """How a shape lies on a picture, all 0..1: `correlation` of shape and ink, `overlap` (intersection over
    union) and `outline` (share of both outlines that the other has within a pixel or two). `homography` maps
    points of the registered picture to the listing, both in normalised coordinates (0..1); `corners` are
    those of the logo's bounding box on the registered picture.
    """

    homography: NDArray[np.float64]
    corners: Points
    correlation: float
    overlap: float
    outline: float


@dataclass(frozen=True)
class Placement:
    """A size and a place of a shape in a window, found without moving it."""

    score: float
    window: Window
    longer: float  # pixels of the coarse window
    left: float
    top: float

    def repeats(self, other: "Placement") -> bool:
        """Whether it is nearly the same place and size."""
        return (
            self.window is other.window
            and self.longer == other.longer
            and max(abs(self.left - other.left), abs(self.top - other.top)) <= SPEC.same_place
        )


@dataclass(frozen=True)
class Rough:
    """A shape laid on the ink at half size; `laid` maps its template to the window, at half size both."""

    correlation: float
    place: Placement
    ink: Map
    laid: NDArray[np.float32]


def align(shape: Shape, places: Sequence[Placement]) -> Alignment | None:
    """Returns the best alignment from any of the places, or None where the shape fits nowhere. Each step
    costs more than the one before it and is taken with fewer places.
    """
    found: list[Rough] = []
    for place in worth_trying(places):
        found += roughly(shape, place)
        if found and max(abs(rough.correlation) for rough in found) >= SPEC.clear:
            break
    found.sort(key=lambda rough: -abs(rough.correlation))
    best: Alignment | None = None
    for rough in found[: SPEC.settled]:
        alignment = settled(shape, rough)
        if alignment and (best is None or alignment.outline > best.outline):
            best = alignment
        if best and best.outline >= SPEC.convincing:
            break
    return best


def worth_trying(places: Sequence[Placement]) -> list[Placement]:
    chosen: list[Placement] = []
    for place in sorted(places, key=lambda place: -place.score):
        if chosen and place.score < SPEC.worth_it * chosen[0].score:
            break
        if not any(place.repeats(other) for other in chosen):
            chosen.append(place)
        if len(chosen) == SPEC.tried:
            break
    return chosen


def placements(shape: Shape, window: Window) -> list[Placement]:
    """Returns the best places of every size."""
    found = []
    for longer, pad, template in shape.coarse:
        scores = cv2.matchTemplate(window.edges, template, cv2.TM_CCOEFF_NORMED)
        for _ in range(SPEC.places):
            _, score, _, (left, top) = cv2.minMaxLoc(scores)
            if score < SPEC.least_score:
                break
            found.append(Placement(score, window, longer, left + pad, top + pad))
            near = SPEC.same_place
            scores[max(0, top - near) : top + near + 1, max(0, left - near) : left + near + 1] = -1
    return found


def roughly(shape: Shape, place: Placement) -> list[Rough]:
    """Moves, turns and stretches the shape at half size, on the ink of each colour that it may have in this
    place: most placements end here.
    """
    grown = SPEC.fine / SPEC.coarse
    scale = place.longer * grown / shape.longer
    start = np.array(
        [
            [scale, 0, place.left * grown - SPEC.pad * scale],
            [0, scale, place.top * grown - SPEC.pad * scale],
            [0, 0, 1],
        ],
        np.float32,
    )
    template = shape.small
    soft = blurred(template, SPEC.softer / 2)
    found = []
    pixels = place.window.pixels
    under = warp(pixels, start, shape.template.shape)
    # The logo's own colour, or that of the ground from which it is knocked out.
    inside, around = (
        colours_of(under[shape.core]),
        colours_of(under[shape.template < SPEC.surely_none]),
    )
    for colour in [*inside, *around[:1]]:
        ink = ink_map(pixels, colour, SPEC.roughly)
        small = halved(ink)
        ground = blurred(small, max(SPEC.sharpest, SPEC.softer / 2 * scale))
        laid = resized(start, 0.5)
        if abs(correlation(warp(ground, laid, soft.shape), soft)) < SPEC.hopeless:
            continue
        laid = follow(soft, ground, laid, SPEC.steps, tilts=False)
        agrees = correlation(warp(small, laid, template.shape), template)
        if abs(agrees) >= SPEC.possible:
            found.append(Rough(agrees, place, ink, laid))
    return found


def settled(shape: Shape, rough: Rough) -> Alignment | None:
    """Tilts the shape too, then lays it at full size on the ink of the colour that most of the logo shows in
    this place.
    """
    window, scale = rough.place.window, float(np.sqrt(abs(np.linalg.det(rough.laid[:2, :2]))))
    small, ink = halved(rough.ink), rough.ink
    blur = max(SPEC.sharpest, SPEC.soft * scale)
    soft = blurred(shape.small, SPEC.soft)
    laid = follow(soft, blurred(small, blur), rough.laid, SPEC.steps, tilts=True)
    agrees = correlation(warp(small, laid, shape.small.shape), shape.small)
    if abs(agrees) < SPEC.promising:
        return None
    template, laid = shape.template, resized(laid, 2)
    if agrees > 0:
        inside = warp(window.pixels, laid, template.shape)[shape.core]
        colour = np.median(inside, axis=0).astype(np.float32)
        ink = ink_map(window.pixels, colour, SPEC.spread)
    soft = blurred(template, SPEC.soft)
    laid = follow(soft, blurred(ink, blur), laid, SPEC.last_steps, tilts=True)
    shown = warp(ink, laid, template.shape)
    return measured(shape, window, laid, shown if agrees > 0 else 1 - shown)


def halved(ink: Map) -> Map:
    return np.asarray(
        cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32
    )


def resized(laid: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """Returns the same placement where both pictures are `by` times as large."""
    factors = np.array([by, by, 1], np.float32)
    return np.asarray(laid * factors[:, None] / factors[None, :], np.float32)


def follow(
    soft: Map, ground: Map, start: NDArray[np.float32], steps: int, *, tilts: bool
) -> NDArray[np.float32]:
    """Moves, turns and stretches the template, and tilts it if asked, until it correlates best with the ink.
    Both are blurred. Returns the start if this does not converge.
    """
    if correlation(warp(ground, start, soft.shape), soft) < 0:
        ground = np.asarray(1 - ground, np.float32)
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, steps, SPEC.gain)
    everywhere = np.full(ground.shape, 255, np.uint8)
    laid = start.copy()
    try:
        if tilts:
            _, found = cv2.findTransformECC(
                soft, ground, laid, cv2.MOTION_HOMOGRAPHY, until, everywhere, 3
            )
            return np.asarray(found, np.float32)
        _, found = cv2.findTransformECC(
            soft, ground, laid[:2].copy(), cv2.MOTION_AFFINE, until, everywhere, 3
        )
    except cv2.error:  # raised where the two images do not converge
        return start
    laid[:2] = found
    return laid


def blurred(shades: Map, by: float) -> Map:
    return np.asarray(cv2.GaussianBlur(shades, (0, 0), by), np.float32)


def warp(picture: NDArray[Any], laid: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[Any]:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(
        picture, laid, (shape[1], shape[0]), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )


def correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    a, b = a - a.mean(), b - b.mean()
    both = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / both if both > SPEC.even else 0.0


def measured(shape: Shape, window: Window, laid: NDArray[np.float32], shown: Map) -> Alignment:
    template = shape.template
    inked, meant = shown > SPEC.inked, template > SPEC.inked
    either = int((inked | meant).sum())
    high, wide = template.shape[0] - 2 * SPEC.pad, template.shape[1] - 2 * SPEC.pad
    to_box = np.array([[wide, 0, SPEC.pad], [0, high, SPEC.pad], [0, 0, 1]], np.float64)
    onto = window.place @ laid.astype(np.float64) @ to_box @ np.linalg.inv(shape.frame)
    return Alignment(
        onto / onto[2, 2],
        project(SQUARE, shape.frame),
        correlation(shown, template),
        int((inked & meant).sum()) / either if either else 0.0,
        outline_agreement(inked, meant),
    )


def outline_agreement(inked: NDArray[np.bool_], meant: NDArray[np.bool_]) -> float:
    ours, theirs = outline(meant), outline(inked)
    if not ours.any() or not theirs.any():
        return 0.0
    kernel = np.ones((3, 3), np.uint8)
    near_ours, near_theirs = (np.asarray(cv2.dilate(o, kernel), np.uint8) for o in (ours, theirs))
    found = (near_theirs & ours).sum() / ours.sum()
    explained = (near_ours & theirs).sum() / theirs.sum()
    return float(2 * found * explained / (found + explained)) if found + explained else 0.0


def outline(inked: NDArray[np.bool_]) -> NDArray[np.uint8]:
    filled = inked.astype(np.uint8)
    inner = cv2.erode(filled, np.ones((3, 3), np.uint8), borderValue=0)
    return np.asarray(filled - np.asarray(inner, np.uint8), np.uint8)
