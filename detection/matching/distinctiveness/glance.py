"""What a picture is at a glance, where that is all there is to it.

Matching tells one blank page from another and one white shirt from the next: it compares details,
and these have none. A claim on such a picture would be one on everybody's all the same, so a view
is also compared with ordinary pictures by what a person sees from afar: nothing, one small motif
again and again, or the outline of a plain garment.

Figures beside the thresholds are of docs/decisions/0012: `ours`, the least sure of the commonplace
pictures; `others`, the most alike of real designs, listings and icons.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.pictures.decode import Picture
from vision.pictures.resize import squash


@dataclass(frozen=True)
class GlanceSpec:
    """What counts as blank, as one motif, and as the outline of a plain garment."""

    side: int = 256  # pixels of the longer side: printed lines are still apart
    least: int = 48  # pixels of the shorter one, for a strip
    edge: int = 8  # pixels at the sides, where smoothing has nothing beyond to go by
    faint: float = (
        3.0  # grey levels that a detail may stand out by where nothing is; ours 1.7, others 16
    )
    plain_within: int = 16  # of 255 from the commonest colour, and of the picture
    plain_share: float = 0.6
    pale: int = (
        80  # of 255 between channels: printed lines and watermarks; textile prints have more
    )
    again: float = (
        0.9  # correlation with itself at the best shift; ours 0.95, others on a plain ground 0.93
    )
    somewhat: float = 0.5  # and correlation that so many shifts have; ours 11, of those others 7
    times: int = 9
    step: int = 8  # pixels of the least shift
    steep: float = 1.0  # grey levels a pixel from which there is an outline
    steepest: float = (
        4.0  # beyond which it counts no more, so that white on white is as good as black
    )
    bins: int = 8  # directions; cells a side
    cells: int = 8
    print: float = (
        5.0  # grey levels a pixel on a garment's front; ours 1.2, with a small word on it 9
    )
    same_outline: float = (
        0.83  # cosine, of the fourth nearest; ours 0.85, others with a plain front 0.77
    )


SPEC = GlanceSpec()


type Grey = NDArray[np.float32]
type Numbers = NDArray[np.integer[Any] | np.floating[Any]]

NO_OUTLINE = np.zeros(SPEC.bins * SPEC.cells**2, np.float32)


@dataclass(frozen=True)
class Glance:
    """`outline float32[n]` has length 1, or 0 where the middle is not plain."""

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
    """Even shading has no detail at any scale, however steep it is."""
    detail = strongest(np.abs(softened(picture, 1.5) - softened(picture, 4)))
    return (
        float(np.percentile(detail[SPEC.edge : -SPEC.edge, SPEC.edge : -SPEC.edge], 99.9))
        < SPEC.faint
    )


def is_repeating(picture: Picture) -> bool:
    """On a plain ground and without strong colours: a textile's print is a design of its own."""
    spread = strongest(picture) + strongest(255 - picture) - 255.0
    if np.percentile(spread, 99) > SPEC.pale:
        return False
    ground = np.median(picture.reshape(-1, 3), axis=0)
    if (strongest(np.abs(picture - ground)) <= SPEC.plain_within).mean() < SPEC.plain_share:
        return False
    found = repeats(picture)
    return bool(found.max(initial=0) >= SPEC.again and (found >= SPEC.somewhat).sum() >= SPEC.times)


def repeats(picture: Picture) -> NDArray[np.float64]:
    """Correlation of the picture with itself at the shifts where it peaks."""
    grey = softened(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 1)
    likeness = self_likeness(grey - softened(grey, 12))
    peaks = likeness >= cv2.dilate(likeness, np.ones((9, 9), np.uint8))
    down, across = np.nonzero(peaks)
    across -= likeness.shape[1] // 2
    # Shifts to the left along the same line are those to the right once more.
    counted = (np.hypot(down, across) >= SPEC.step) & ((down > 0) | (across > 0))
    return likeness[peaks][counted]


def self_likeness(detail: Grey) -> NDArray[np.float64]:
    """`[height / 2 + 1, 2 * (width / 2) + 1]`: shifted down from none to half of the height, and
    across from half of the width to the left to half to the right; of what overlaps.
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
    """Of a thing with a plain front: directions of edges by place (Dalal and Triggs, 2005)."""
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
    made = np.sqrt(softened(cells, 0.6)).ravel()
    return np.asarray(made / np.linalg.norm(made), np.float32)


def front(thing: Grey) -> Grey:
    """Of a garment: below its collar, within its sides."""
    height, width = thing.shape
    return thing[height // 4 : height * 7 // 8 + 1, width * 3 // 8 : width * 5 // 8 + 1]


def strongest(picture: Numbers) -> NDArray[np.float64]:
    """Of the channels; much faster than NumPy's maximum along an axis of three."""
    red, green, blue = (plane.astype(np.float64) for plane in cv2.split(picture))
    return np.maximum(np.maximum(red, green), blue)


def softened(picture: Numbers, by: float) -> Grey:
    """`by` pixels, a Gaussian's standard deviation."""
    return np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), by), np.float32)
