"""Recognises pictures that show nothing but what a glance takes in.

Matching compares details; these pictures have none, so one blank page or white shirt does not match the
next. A right to such a picture would still be a right to everybody's. So a view is also compared with
ordinary pictures by what a person sees from afar: nothing, one small repeated motif, or the outline of
a plain garment.

The figures beside the thresholds come from docs/decisions/0012: `ours` is the least certain of the
commonplace pictures, `others` the most similar of real designs, listings and icons.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.pictures.picture import Picture
from vision.pictures.resize import squash


@dataclass(frozen=True)
class GlanceSpec:
    """What counts as blank, as one motif, and as the outline of a plain garment."""

    side: int = 256  # pixels of the longer side: printed lines stay apart
    least: int = 48  # pixels of the shorter side, for a strip
    edge: int = 8  # pixels at the borders, where smoothing lacks neighbours
    # Grey levels by which a detail may stand out in an empty picture; ours 1.7, others 16.
    faint: float = 3.0
    plain_within: int = 16  # of 255, from the commonest colour
    plain_share: float = 0.6  # of the picture
    # Of 255, between colour channels: printed lines and watermarks; textile prints have more.
    pale: int = 80
    # Correlation with itself at the best shift; ours 0.95, others on a plain ground 0.93.
    again: float = 0.9
    somewhat: float = 0.5  # correlation that `times` shifts must have; ours 11 shifts, others 7
    times: int = 9
    step: int = 8  # pixels of the smallest shift
    steep: float = 1.0  # grey levels a pixel from which an edge counts
    # Grey levels a pixel at which the weight is capped: white on white counts as much as black.
    steepest: float = 4.0
    bins: int = 8  # directions
    cells: int = 8  # a side
    # Grey levels a pixel on a garment's front; ours 1.2, with a small word on it 9.
    print: float = 5.0
    # Cosine of the fourth nearest; ours 0.85, others with a plain front 0.77.
    same_outline: float = 0.83


SPEC = GlanceSpec()


type Grey = NDArray[np.float32]
type Numbers = NDArray[np.integer[Any] | np.floating[Any]]

NO_OUTLINE = np.zeros(SPEC.bins * SPEC.cells**2, np.float32)


@dataclass(frozen=True)
class Glance:
    """`outline float32[n]` has length 1, or length 0 where the middle is not plain."""

    empty: bool
    repeating: bool
    outline: Grey

    def is_like(self, other: "Glance") -> bool:
        return (
            (self.empty and other.empty)
            or (self.repeating and other.repeating)
            or float(self.outline @ other.outline) >= SPEC.same_outline
        )

    @property
    def shows(self) -> str:
        if self.empty:
            return "a plain or evenly shaded ground"
        if self.repeating:
            return "one small motif again and again, as ruled paper and stock watermarks do"
        return "the outline of a plain thing, with nothing on it"


def glance(picture: Picture) -> Glance:
    scale = SPEC.side / max(picture.shape[:2])
    height, width = (max(SPEC.least, round(side * scale)) for side in picture.shape[:2])
    small = squash(picture, width=width, height=height)
    if is_empty(small):
        return Glance(empty=True, repeating=False, outline=NO_OUTLINE)
    return Glance(empty=False, repeating=is_repeating(small), outline=outline(small))


def is_empty(picture: Picture) -> bool:
    """Even shading counts as empty, however steep it is: it has no detail at any scale."""
    detail = strongest(np.abs(softened(picture, 1.5) - softened(picture, 4)))
    return (
        float(np.percentile(detail[SPEC.edge : -SPEC.edge, SPEC.edge : -SPEC.edge], 99.9))
        < SPEC.faint
    )


def is_repeating(picture: Picture) -> bool:
    """Only on a plain ground and without strong colours: a textile print is a design of its own."""
    spread = strongest(picture) + strongest(255 - picture) - 255.0
    if np.percentile(spread, 99) > SPEC.pale:
        return False
    ground = np.median(picture.reshape(-1, 3), axis=0)
    if (strongest(np.abs(picture - ground)) <= SPEC.plain_within).mean() < SPEC.plain_share:
        return False
    peaks = repeats(picture)
    return bool(peaks.max(initial=0) >= SPEC.again and (peaks >= SPEC.somewhat).sum() >= SPEC.times)


def repeats(picture: Picture) -> NDArray[np.float64]:
    """Returns the peaks of the picture's correlation with itself."""
    grey = softened(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 1)
    likeness = self_likeness(grey - softened(grey, 12))
    peaks = likeness >= cv2.dilate(likeness, np.ones((9, 9), np.uint8))
    down, across = np.nonzero(peaks)
    across -= likeness.shape[1] // 2
    # Shifts to the left along the same line repeat those to the right.
    counted = (np.hypot(down, across) >= SPEC.step) & ((down > 0) | (across > 0))
    return likeness[peaks][counted]


def self_likeness(detail: Grey) -> NDArray[np.float64]:
    """Returns the correlation of what overlaps, `[height / 2 + 1, 2 * (width / 2) + 1]`: rows are
    shifts down by 0 to half the height, columns are shifts across by half the width to either side.
    """
    height, width = detail.shape
    size = (2 * height, 2 * width)
    values = detail.astype(np.float64)
    itself, squared, there = (
        np.fft.rfft2(plane, size) for plane in (values, values**2, np.ones_like(values))
    )
    shared = np.fft.irfft2(itself * itself.conj(), size)
    one = np.fft.irfft2(squared * there.conj(), size)
    other = np.fft.irfft2(there * squared.conj(), size)
    least = 0.001 * float((values**2).sum()) + 1e-6
    likeness = shared / np.sqrt(np.maximum(one, least) * np.maximum(other, least))
    down, across = height // 2 + 1, width // 2
    return np.concatenate([likeness[:down, -across:], likeness[:down, : across + 1]], axis=1)


def outline(picture: Picture) -> Grey:
    """Returns edge directions by place (Dalal and Triggs, 2005) of a thing with a plain front."""
    grey = softened(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 1.2)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *way) / 8 for way in ((1, 0), (0, 1)))
    slope = np.hypot(across, down)
    y, x = np.nonzero(slope > SPEC.steep)
    if (
        not len(y)
        or np.percentile(front(slope[y.min() : y.max() + 1, x.min() : x.max() + 1]), 99)
        > SPEC.print
    ):
        return NO_OUTLINE
    direction = np.arctan2(down[y, x], across[y, x]) % np.pi / np.pi * SPEC.bins
    weight = np.minimum(slope[y, x], SPEC.steepest)
    below, share = direction.astype(int), direction % 1
    cells = np.zeros((SPEC.cells, SPEC.cells, SPEC.bins), np.float32)
    row, column = (SPEC.cells * (at - at.min()) // (np.ptp(at) + 1) for at in (y, x))
    np.add.at(cells, (row, column, below % SPEC.bins), weight * (1 - share))
    np.add.at(cells, (row, column, (below + 1) % SPEC.bins), weight * share)
    histogram = np.sqrt(softened(cells, 0.6)).ravel()
    return np.asarray(histogram / np.linalg.norm(histogram), np.float32)


def front(thing: Grey) -> Grey:
    """Returns a garment's front: below its collar, within its sides."""
    height, width = thing.shape
    return thing[height // 4 : height * 7 // 8 + 1, width * 3 // 8 : width * 5 // 8 + 1]


def strongest(picture: Numbers) -> NDArray[np.float64]:
    """Returns the maximum of the colour channels, much faster than NumPy along an axis of three."""
    red, green, blue = (plane.astype(np.float64) for plane in cv2.split(picture))
    return np.maximum(np.maximum(red, green), blue)


def softened(picture: Numbers, by: float) -> Grey:
    """Blurs with a Gaussian of standard deviation `by`, in pixels."""
    return np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), by), np.float32)
