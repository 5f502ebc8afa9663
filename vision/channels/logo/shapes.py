"""Aligns a one-colour logo with a picture: its shape is laid over the ink of each window.

A flat logo has too few points to match, but it has one colour in one shape. For each main colour of a
window, the map of where that colour is gets compared with the shape of the logo at every size and place. The
best placements are then moved, turned and tilted until the shape lies on the ink.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.geometry.polygons import MIRROR, SQUARE, Points, project
from vision.pictures.decode import Picture


@dataclass(frozen=True)
class ShapeSpec:
    """Sizes and thresholds for preparing shapes and laying them over a picture."""

    side: int = 64  # pixels of a shape's side when it is laid over a picture
    max_length: float = 1.75  # factor on `side` for the longest shapes, which have thin strokes
    pad: int = 8  # pixels of ground around the shape, which must be free of ink
    coarse: int = 56  # pixels of a window's side when sizes and places are tried
    mapped: int = 112  # the same when its colours are mapped
    fine: int = 160  # the same when the shape is moved
    sizes: tuple[float, ...] = (
        0.42,
        0.5,
        0.6,
        0.72,
        0.86,
    )  # of the shape's longer side, as shares of the window
    colours: int = 8
    sampled: int = 3  # every third pixel along each side is sampled for the window's colours
    # Grey levels within which a pixel has the ink's colour: once it is known, and while it is a guess.
    spread: float = 28.0
    roughly: float = 36.0
    # standard deviation in pixels by which shapes are blurred while they are moved
    soft: float = 1.2
    softer: float = 2.4
    grain: float = 0.08  # noise under the maps: any shape would correlate with an even one
    least_score: float = 0.25  # correlation from which a placement is refined
    possible: float = 0.35  # correlation after turning and stretching from which it is tilted too
    # share of the best placement's correlation from which another one is tried
    worth_it: float = 0.8
    promising: float = 0.45  # correlation after moving from which the alignment is measured
    surely_ink: float = 0.9
    moved: int = 2  # best placements that are refined
    convincing: float = 0.9  # outline agreement from which no other placement is tried
    steps: int = 30
    least_contrast: float = 40.0  # grey levels between ink and ground of a registered logo
    even: float = 1e-6  # standard deviation below which a map is constant
    inked: float = 0.5  # value from which a pixel has ink
    speck: float = 40.0  # pixels below which a part of a shape is ignored
    plain_parts: int = 2  # an outline and a hole, or two bars
    convex: float = 0.93  # share of its convex hull from which a part has no form of its own
    least_sides: float = 12.0  # how many times longer than wide a shape may be


SPEC = ShapeSpec()


type Map = NDArray[np.float32]
"""`float32[height, width]`, 0..1."""


@dataclass(frozen=True)
class Shape:
    """The ink of a registered logo without the ground around it. `frame` maps points of the shape's bounding
    box to the registered picture, both in normalised coordinates (0..1).
    """

    ink: Map
    frame: NDArray[np.float64]

    @cached_property
    def longer(self) -> float:
        """Returns the longer side in pixels when laid over a picture; long shapes have thin strokes."""
        high, wide = self.ink.shape
        return float(SPEC.side * min(SPEC.max_length, (max(high, wide) / min(high, wide)) ** 0.5))

    @cached_property
    def template(self) -> Map:
        """Returns the shape with ground around it, as it is laid over a picture."""
        return with_ground(sized(self.ink, self.longer), SPEC.pad)

    @cached_property
    def coarse(self) -> list[tuple[float, int, Map]]:
        """Returns longer side, ground around it and template for every size that is tried."""
        found = []
        for longer in (size * SPEC.coarse for size in SPEC.sizes):
            pad = max(2, round(longer * SPEC.pad / SPEC.side))
            found.append((longer, pad, with_ground(sized(self.ink, longer), pad)))
        return [one for one in found if max(one[2].shape) <= SPEC.coarse]

    def mirrored(self) -> "Shape":
        return Shape(np.ascontiguousarray(self.ink[:, ::-1]), self.frame @ MIRROR)


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


def shape_of(picture: Picture) -> Shape | None:
    """Returns the shape of a logo on its own ground, or None where hardly anything stands out."""
    levels = picture.astype(np.float32)
    edge = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    off = np.abs(levels - np.median(edge, axis=0)).max(axis=2)
    contrast = float(np.percentile(off, 99.5))
    if contrast < SPEC.least_contrast:
        return None
    ink = np.clip(off / contrast, 0, 1)
    rows, columns = np.nonzero(ink > SPEC.inked)
    if not len(rows):
        return None
    (top, bottom), (left, right) = ((i.min(), i.max() + 1) for i in (rows, columns))
    wide, high = right - left, bottom - top
    if max(wide, high) > SPEC.least_sides * min(wide, high):
        return None
    height, width = ink.shape
    frame = np.array(
        [[wide / width, 0, left / width], [0, high / height, top / height], [0, 0, 1]], np.float64
    )
    return Shape(np.asarray(ink[top:bottom, left:right], np.float32), frame)


def is_plain(shape: Shape) -> bool:
    """Whether the shape is a disc, two bars, a frame or a ring. These lie on anything round or straight, so
    they prove nothing. A plain shape has at most two outlines, each nearly its own convex hull.
    """
    filled = (sized(shape.ink, 2 * SPEC.side) > SPEC.inked).astype(np.uint8)
    found, _ = cv2.findContours(
        cv2.copyMakeBorder(filled, 1, 1, 1, 1, cv2.BORDER_CONSTANT),
        cv2.RETR_CCOMP,
        cv2.CHAIN_APPROX_NONE,
    )
    large = [part for part in found if cv2.contourArea(part) > SPEC.speck]
    if len(large) > SPEC.plain_parts:
        return False
    return all(
        cv2.contourArea(part) > SPEC.convex * cv2.contourArea(cv2.convexHull(part))
        for part in large
    )


def on_square(shape: Shape, side: int, share: float) -> Picture:
    """Returns the shape in black on a white square, its longer side taking `share`: `uint8[side,
    side, 3]`.
    """
    ink = sized(shape.ink, side * share)
    made = np.zeros((side, side), np.float32)
    high, wide = ink.shape
    top, left = (side - high) // 2, (side - wide) // 2
    made[top : top + high, left : left + wide] = ink
    return np.repeat((255 * (1 - made)).astype(np.uint8)[:, :, None], 3, axis=2)


def sized(ink: Map, longer: float) -> Map:
    scale = longer / max(ink.shape)
    size = (max(2, round(ink.shape[1] * scale)), max(2, round(ink.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink, size, interpolation=method), np.float32)


@dataclass(frozen=True)
class Window:
    """Part of a picture that is searched for logos, with its colour maps. `place` maps pixels of `pixels` to
    normalised coordinates (0..1) of the picture.
    """

    pixels: Picture
    place: NDArray[np.float64]
    colours: NDArray[np.float32]
    maps: list[Map]


def window_of(picture: Picture, left: float, top: float, side: float) -> Window:
    """`left`, `top` and `side` are in pixels. Beyond the picture's edge its border is continued."""
    scale = SPEC.fine / side
    onto = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float64)
    source = picture
    if scale < 1:  # shrunk first: sampling a large picture at few places only yields noise
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        source = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        onto = np.array([[1, 0, -left * scale], [0, 1, -top * scale]], np.float64)
    pixels = np.asarray(
        cv2.warpAffine(
            source,
            onto,
            (SPEC.fine, SPEC.fine),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )
    height, width = picture.shape[:2]
    place = np.array(
        [
            [1 / scale / width, 0, left / width],
            [0, 1 / scale / height, top / height],
            [0, 0, 1],
        ]
    )
    coarse = np.asarray(
        cv2.resize(pixels, (SPEC.mapped, SPEC.mapped), interpolation=cv2.INTER_AREA), np.uint8
    )
    colours = colours_of(coarse)
    grain = np.random.default_rng(0).normal(0, SPEC.grain, (SPEC.coarse, SPEC.coarse))
    # Colours are mapped before shrinking: a thin line has its colour only at full size.
    shrunk = (
        cv2.resize(
            ink_map(coarse, colour, SPEC.roughly),
            (SPEC.coarse, SPEC.coarse),
            interpolation=cv2.INTER_AREA,
        )
        for colour in colours
    )
    maps = [np.asarray(ground + grain, np.float32) for ground in shrunk]
    return Window(pixels, place, colours, maps)


def colours_of(pixels: Picture) -> NDArray[np.float32]:
    cv2.setRNGSeed(0)  # fixed seed: the same window gives the same colours
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 10, 1.0)
    points = pixels[:: SPEC.sampled, :: SPEC.sampled].reshape(-1, 3).astype(np.float32)
    _, _, centres = cv2.kmeans(
        points, SPEC.colours, np.empty(0, np.int32), until, 1, cv2.KMEANS_PP_CENTERS
    )
    return np.asarray(centres, np.float32)


def ink_map(pixels: Picture, colour: NDArray[np.float32], spread: float) -> Map:
    """Returns 1 where a pixel has that colour, falling towards 0 with the distance."""
    off = np.zeros(pixels.shape[:2], np.float32)
    for plane, level in zip(cv2.split(pixels), colour.tolist(), strict=True):
        cv2.accumulateSquare(cv2.subtract(plane, level, dtype=cv2.CV_32F), off)
    return np.asarray(cv2.exp(off * np.float32(-0.5 / spread**2)), np.float32)


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


def with_ground(ink: Map, pad: int) -> Map:
    return np.asarray(cv2.copyMakeBorder(ink, pad, pad, pad, pad, cv2.BORDER_CONSTANT))


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
