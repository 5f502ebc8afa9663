"""Cuts a picture that is much longer than wide into parts of about its width.

Marketplaces' detail pages are 600 to 800 pixels wide and thousands high, with the goods once among other
pictures. Scaled to working size, such a picture is a strip of few pixels' width. It is cut at seams: rows of
one plain colour, or the edge between two pictures that touch. Where no seam is in reach, the next part overlaps
by the picture's width, so that whatever is no longer than that is whole in one part.

A seam may also run through goods, as between the stripes of a flag. No part is shorter than half the width, so
that one part still shows at least half of them.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.pictures.picture import Picture

type Area = tuple[float, float, float, float]
"""Left, top, width and height in normalised coordinates (0..1)."""

type Span = tuple[int, int]
"""First pixel along the longer side, and the one after the last."""


@dataclass(frozen=True)
class PartSpec:
    """Lengths are in multiples of the picture's shorter side; colours are steps of 255.

    docs/decisions/0026-long-pictures.md has the measurements.
    """

    version: int = 1
    long_from: float = 2.5
    max_parts: int = 48  # of one file
    shortest: float = 0.75  # from seam to seam
    reach: float = 2.0  # how far to look for a seam
    max_reach: float = 4.2  # in a picture so long that its parts are longer
    square: float = 1.0  # the length that is preferred where seams are alike
    length_counts: float = 0.25  # how much a part's length counts beside how clear the seam is
    clear_gap: float = 0.08  # rows of one colour as high as this are as clear as a seam can be
    touching: float = 0.4  # how clear the edge between two pictures is, beside such a gap
    columns: int = 64
    plain_step: int = 6  # between neighbouring columns of a plain row
    plain_range: int = 24  # over all of the row
    # Found at 97% of the places where two of 120 bench pictures touch, and within 4% of 250 single ones.
    edge_rows: int = 2  # compared on either side of an edge
    edge_step: int = 16
    edge_share: float = 0.7  # of the columns change at an edge
    edge_stands_out: float = 0.5  # by so much more than at the rows around it
    edge_around: int = 12  # rows


SPEC = PartSpec()


@dataclass(frozen=True)
class Part:
    """`number` counts from 1 along the longer side, `of` all parts of the picture, `left_out` those of them
    that are not looked at.
    """

    number: int
    of: int
    left_out: int
    area: Area

    def cut(self, pixels: Picture) -> Picture:
        return cut_area(pixels, self.area)


@dataclass(frozen=True)
class Seam:
    """`clear` is 0..1."""

    at: int
    clear: float


def is_long(width: int, height: int) -> bool:
    return max(height, width) >= SPEC.long_from * min(height, width)


def parts_of(pixels: Picture, most: int = SPEC.max_parts) -> list[Part]:
    """Returns no part of a picture that is not long. Together they cover the picture, unless more than `most`
    would be needed: then those with the most detail are kept, in order.
    """
    height, width = pixels.shape[:2]
    if not is_long(width, height):
        return []
    is_high = height > width
    rows = colours_by_row(pixels if is_high else pixels.swapaxes(0, 1))
    long, short = max(height, width), min(height, width)
    spans = spans_between(seams(rows, short), long, short, most)
    kept = sorted(sorted(range(len(spans)), key=lambda n: -detail(rows, spans[n]))[:most])
    left_out = len(spans) - len(kept)
    return [
        Part(number + 1, len(spans), left_out, area_of(spans[number], long, is_high=is_high))
        for number in kept
    ]


def area_of(span: Span, long: int, *, is_high: bool) -> Area:
    begin, length = span[0] / long, (span[1] - span[0]) / long
    return (0.0, begin, 1.0, length) if is_high else (begin, 0.0, length, 1.0)


def cut_area(pixels: Picture, area: Area) -> Picture:
    """Returns a copy, so that the part does not keep the whole picture in memory."""
    height, width = pixels.shape[:2]
    left, top = round(area[0] * width), round(area[1] * height)
    right, bottom = round((area[0] + area[2]) * width), round((area[1] + area[3]) * height)
    return pixels[top:bottom, left:right].copy()


def spans_between(found: list[Seam], long: int, short: int, most: int) -> list[Span]:
    """Cuts at the clearest seam in reach. The longer the picture, the longer its parts, so that at most `most`
    cover it: each one begins at least `step` after the one before.
    """
    step = max(SPEC.shortest, min(long / short / most, SPEC.max_reach - 1)) * short
    reach = max(SPEC.reach * short, step + short)
    wanted = max(SPEC.square * short, step)
    last_from = long - SPEC.shortest * short
    seams_and_end = [*(seam for seam in found if seam.at <= last_from), Seam(long, 1.0)]
    spans, begin, end = [], 0, 0
    while end < long:
        near = [seam for seam in seams_and_end if step <= seam.at - begin <= reach]
        if near:
            end = max(near, key=lambda seam: worth(seam, begin, wanted, short)).at
            following = end
        else:
            end = min(begin + math.ceil(reach), long)
            following = end - short
        spans.append((begin, end))
        begin = following
    return spans


def worth(seam: Seam, begin: int, wanted: float, short: int) -> float:
    return seam.clear - SPEC.length_counts * abs(seam.at - begin - wanted) / short


def colours_by_row(pixels: Picture) -> NDArray[np.int16]:
    """Returns `int16[rows, columns, 3]`: each row in few columns."""
    rows = pixels.shape[0]
    narrow = cv2.resize(pixels, (SPEC.columns, rows), interpolation=cv2.INTER_AREA)
    return narrow.astype(np.int16)


def detail(rows: NDArray[np.int16], span: Span) -> float:
    return float(rows[slice(*span)].std(axis=(0, 1)).sum())


def seams(rows: NDArray[np.int16], short: int) -> list[Seam]:
    found = gaps(rows, short) + edges(rows)
    return sorted(found, key=lambda seam: seam.at)


def gaps(rows: NDArray[np.int16], short: int) -> list[Seam]:
    """Returns the middle of each run of plain rows."""
    steps = np.abs(np.diff(rows, axis=1)).max(axis=(1, 2))
    spread = np.ptp(rows, axis=1).max(axis=1)
    plain = (steps <= SPEC.plain_step) & (spread <= SPEC.plain_range)
    clear = SPEC.clear_gap * short
    return [Seam((begin + end) // 2, min(1.0, (end - begin) / clear)) for begin, end in runs(plain)]


def runs(mask: NDArray[np.bool_]) -> list[Span]:
    """Returns where it is true."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return [(int(begin), int(end)) for begin, end in changes.reshape(-1, 2)]


def edges(rows: NDArray[np.int16]) -> list[Seam]:
    """Returns the rows at which most columns change at once, and do not change just before and after."""
    count = SPEC.edge_rows
    if len(rows) <= 2 * count:
        return []
    sums = np.cumsum(rows, axis=0, dtype=np.int32)
    sums = np.concatenate([np.zeros_like(sums[:1]), sums])
    means = (sums[count:] - sums[:-count]) / np.float32(count)
    change = np.abs(means[count:] - means[:-count]).max(axis=2)
    share = (change > SPEC.edge_step).mean(axis=1, dtype=np.float32)
    reach = SPEC.edge_around
    around = share_around(share, reach)
    most = cv2.dilate(share[:, None], np.ones((2 * count + 1, 1), np.uint8))[:, 0]
    at = (share >= SPEC.edge_share) & (share - around >= SPEC.edge_stands_out) & (share == most)
    return [Seam((begin + end - 1) // 2 + count, SPEC.touching) for begin, end in runs(at)]


def share_around(share: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Returns the mean over the rows around, without those that the same edge changes."""
    inner = 2 * SPEC.edge_rows + 1
    wide, near = (
        cv2.blur(share[:, None], (1, size), borderType=cv2.BORDER_REFLECT)[:, 0] * size
        for size in (2 * reach + 1, inner)
    )
    return np.asarray((wide - near) / (2 * reach + 1 - inner), np.float32)
