"""Aligns a one-colour logo with a picture: its shape is laid over the ink of each window.

A flat logo has too few points to match, but it has one colour in one shape. For each main colour of a
window, the map of where that colour is gets compared with the shape of the logo at every size and place. The
best placements are then moved, turned and tilted until the shape lies on the ink.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.channels.logo.ink import Window, ink_map
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
    score: float
    colour: int
    longer: float  # pixels of the coarse window
    left: float
    top: float


def align(shape: Shape, windows: Sequence[Window]) -> Alignment | None:
    """Returns the best alignment on any of the windows, or None where the shape fits nowhere."""
    found = [(place, window) for window in windows for place in placements(shape, window)]
    found.sort(key=lambda one: -one[0].score)
    best: Alignment | None = None
    for place, window in found[: SPEC.moved]:
        if place.score < SPEC.worth_it * found[0][0].score:
            break
        alignment = moved(shape, window, place)
        if alignment and (best is None or alignment.outline > best.outline):
            best = alignment
        if best and best.outline >= SPEC.convincing:
            break
    return best


def placements(shape: Shape, window: Window) -> list[Placement]:
    """Returns the best size and place for each colour, best first. A knocked-out logo correlates
    negatively.
    """
    found = []
    for number, ground in enumerate(window.maps):
        best = Placement(0.0, number, 0, 0, 0)
        for longer, pad, template in shape.coarse:
            scores = np.abs(cv2.matchTemplate(ground, template, cv2.TM_CCOEFF_NORMED))
            top, left = np.unravel_index(int(scores.argmax()), scores.shape)
            if (score := float(scores[top, left])) > best.score:
                best = Placement(score, number, longer, float(left) + pad, float(top) + pad)
        found.append(best)
    return sorted((p for p in found if p.score >= SPEC.least_score), key=lambda place: -place.score)


def moved(shape: Shape, window: Window, place: Placement) -> Alignment | None:
    template = shape.template
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
    soft, softer = blurred(template, SPEC.soft), blurred(template, SPEC.softer)
    ink = ink_map(window.pixels, window.colours[place.colour], SPEC.roughly)
    laid = follow(softer, ink, start, SPEC.softer / SPEC.soft * scale, tilts=False)
    if abs(correlation(warp(ink, laid, template.shape), template)) < SPEC.possible:
        return None
    laid = follow(soft, ink, laid, scale, tilts=True)
    shown = warp(ink, laid, template.shape)
    agrees = correlation(shown, template)
    if abs(agrees) < SPEC.promising:
        return None
    core = template > SPEC.surely_ink
    if agrees > 0 and core.any():
        # In this place the ink's colour is the one that most of the logo shows.
        warped = warp(window.pixels, laid, template.shape)
        ink = ink_map(
            window.pixels, np.median(warped[core], axis=0).astype(np.float32), SPEC.spread
        )
        laid = follow(soft, ink, laid, scale, tilts=True)
        shown = warp(ink, laid, template.shape)
    return measured(shape, window, laid, shown if agrees > 0 else 1 - shown)


def follow(
    soft: Map, ink: Map, start: NDArray[np.float32], scale: float, *, tilts: bool
) -> NDArray[np.float32]:
    """Moves, turns and stretches the template, and tilts it if asked, until it correlates best with the ink.
    Returns the start if this does not converge.
    """
    ground = blurred(ink, max(0.5, SPEC.soft * scale))
    if correlation(warp(ground, start, soft.shape), soft) < 0:
        ground = np.asarray(1 - ground, np.float32)
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, SPEC.steps, 1e-4)
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
