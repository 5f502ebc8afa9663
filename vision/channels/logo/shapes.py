"""The shape of a registered logo: where it has ink, and whether that tells it from others."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.channels.logo.edges import Edges, edges_of
from vision.channels.logo.spec import SPEC
from vision.geometry.polygons import MIRROR
from vision.pictures.picture import Picture

type Map = NDArray[np.float32]
"""`float32[height, width]`, 0..1."""


@dataclass(frozen=True)
class Shape:
    """The ink of a registered logo without the ground around it. `frame` maps points of the shape's bounding
    box to the registered picture, both in normalised coordinates (0..1). `background` is the evidence that
    ordinary pictures reach with it (cohort.py).
    """

    ink: Map
    frame: NDArray[np.float64]
    background: float = 0.0

    @cached_property
    def longer(self) -> float:
        """Returns the longer side in pixels when laid over a picture. Long shapes and thin strokes have
        more.
        """
        high, wide = self.ink.shape
        length = (max(high, wide) / min(high, wide)) ** 0.5
        thinness = SPEC.stroke / max(stroke(sized(self.ink, SPEC.side)), 1e-6)
        return float(SPEC.side * min(SPEC.max_length, max(length, thinness)))

    @cached_property
    def template(self) -> Map:
        """Returns the shape with ground around it, as it is laid over a picture."""
        return with_ground(sized(self.ink, self.longer), SPEC.pad)

    @cached_property
    def small(self) -> Map:
        """Returns the template at half size."""
        size = (self.template.shape[1] // 2, self.template.shape[0] // 2)
        return np.asarray(cv2.resize(self.template, size, interpolation=cv2.INTER_AREA), np.float32)

    @cached_property
    def core(self) -> NDArray[np.bool_]:
        """Returns where the template surely has ink."""
        surely = self.template > SPEC.surely_ink
        return surely if surely.any() else self.template > SPEC.inked

    @cached_property
    def coarse(self) -> list[tuple[float, int, Edges]]:
        """Returns longer side, ground around it and edges for every size that is tried."""
        found = []
        for longer in (size * SPEC.coarse for size in SPEC.sizes):
            pad = max(2, round(longer * SPEC.pad / SPEC.side))
            drawn = with_ground(sized(self.ink, 2 * longer), 2 * pad)
            found.append((longer, pad, edges_of(255 * drawn)))
        return [one for one in found if max(one[2].shape) <= SPEC.coarse]

    @cached_property
    def mirrored(self) -> "Shape":
        """Returns the mirror image; kept, as what is made of it is used for many pictures."""
        return Shape(np.ascontiguousarray(self.ink[:, ::-1]), self.frame @ MIRROR, self.background)


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


def gap(shape: Shape) -> float:
    """Returns the widest gap that splits the shape in two across or down, as a share of its longer side."""
    inked = shape.ink > SPEC.inked
    widest = max(longest_run(~inked.any(axis=axis)) for axis in (0, 1))
    return float(widest / max(inked.shape))


def longest_run(flags: NDArray[np.bool_]) -> int:
    ends = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return int((ends[1::2] - ends[::2]).max(initial=0))


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


def stroke(ink: Map) -> float:
    """Returns the mean width of the strokes in pixels: the area over half of the outline's length."""
    outline = np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum()
    return float(2 * ink.sum() / max(outline, 1.0))


def sized(ink: Map, longer: float) -> Map:
    scale = longer / max(ink.shape)
    size = (max(2, round(ink.shape[1] * scale)), max(2, round(ink.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink, size, interpolation=method), np.float32)


def with_ground(ink: Map, pad: int) -> Map:
    return np.asarray(cv2.copyMakeBorder(ink, pad, pad, pad, pad, cv2.BORDER_CONSTANT))
