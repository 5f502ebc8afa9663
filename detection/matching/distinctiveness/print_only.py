"""Recognises pictures that show nothing but text, a QR code or a barcode.

Pages of text look alike to the matching whatever they say: five fonts in one size at 85 to 88. So do QR codes,
whose corners are the same (85 to 92), and barcodes (80 to 85). A right to such a picture would be found on
everybody's pages, so it is refused. Text and codes on goods are welcome: there they are a small part.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from brandguard.kernel.messages import gettext_noop
from vision.pictures.errors import ImageError
from vision.pictures.picture import Picture
from vision.pictures.resize import fit


@dataclass(frozen=True)
class PrintSpec:
    """What counts as a page of text. `ours` is the least certain of 48 pages (five fonts, three sizes, two scripts,
    and tables of figures); none of 190 designs of the benchmark is one.
    """

    side: int = 800  # pixels of the longer side, at which glyphs stay apart
    plain_within: int = 24  # of 255, from the commonest colour
    plain: float = 0.6  # share of paper; ours 0.75
    pale: int = 80  # of 255, between colour channels: text is hardly coloured; ours 0
    contrast: int = 40  # grey levels by which ink differs from paper
    inked: float = 0.4  # share of that contrast
    speck: int = 6  # pixels of ink below which a part is dirt
    tall: float = 1 / 12  # of the side: a glyph's height,
    wide: float = 1 / 6  # and its width
    glyphs: int = 60  # ours 154
    share: float = 0.9  # of the ink that is glyphs; ours 0.98
    in_a_row: int = 8  # glyphs beside the median one; ours 10, others 7
    differ: float = (
        0.15  # deviation of the logarithm of their areas; ours 0.23, one motif again and again 0.0
    )
    code: float = 0.25  # share of a picture from which a QR code is all that it shows
    dark: float = 0.25  # share of the bars that is black, and white: ruled paper has less ink
    bars: int = 30  # edges in a row of a barcode: an EAN-8 has 44
    alike: float = 0.95  # share of a row's pixels that are as in the middle row
    rows: float = 0.6  # share of such rows: digits stand below the bars


SPEC = PrintSpec()
REMEDY = gettext_noop(
    "Register the goods or their packaging with the print on them, or the logo as a design of the kind logo."
)
TEXT_ONLY: ImageError = {
    "code": "text_only",
    "message": gettext_noop(
        "The picture shows only text. Pages of text look alike to the comparison, whatever they say."
    ),
    "remedy": REMEDY,
}
CODE_ONLY: ImageError = {
    "code": "code_only",
    "message": gettext_noop(
        "The picture shows only a QR code or a barcode. All of them look alike to the comparison."
    ),
    "remedy": REMEDY,
}


def print_only(picture: Picture) -> ImageError | None:
    """Returns why a view is only print, or None."""
    small = fit(picture, longest=SPEC.side)
    if is_code(small) or is_barcode(small):
        return CODE_ONLY
    return TEXT_ONLY if is_text(small) else None


def is_code(picture: Picture) -> bool:
    """Whether most of the picture is a QR code that can be read: other black squares only look like one."""
    text, corners, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    if not text:
        return False
    area = float(cv2.contourArea(np.asarray(corners, np.float32).reshape(-1, 2)))
    return bool(area >= SPEC.code * picture.shape[0] * picture.shape[1])


def is_barcode(picture: Picture) -> bool:
    """Whether black bars on white, upright or lying, are all that it shows."""
    if np.percentile(np.ptp(picture.astype(np.int16), axis=2), 99) > SPEC.pale:
        return False
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    _, dark = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    left, top, wide, high = cv2.boundingRect(dark)
    bars = np.asarray(dark[top : top + high, left : left + wide], np.uint8)
    if not bars.size or not SPEC.dark <= bars.mean() <= 1 - SPEC.dark:
        return False
    return any(rows_are_bars(way) for way in (bars, bars.T))


def rows_are_bars(dark: NDArray[np.uint8]) -> bool:
    middle = dark[len(dark) // 2 : len(dark) // 2 + 1]
    if np.abs(np.diff(middle.astype(np.int8))).sum() < SPEC.bars:
        return False
    return bool(((dark == middle).mean(axis=1) >= SPEC.alike).mean() >= SPEC.rows)


def is_text(picture: Picture) -> bool:
    """Whether many small parts of different shapes stand in rows on plain paper, and hardly anything else."""
    levels = picture.astype(np.int16)
    paper = np.median(levels.reshape(-1, 3), axis=0)
    if np.percentile(np.ptp(levels, axis=2), 99) > SPEC.pale:
        return False
    if (np.abs(levels - paper).max(axis=2) <= SPEC.plain_within).mean() < SPEC.plain:
        return False
    ink = without_rules(inked(picture))
    glyphs = glyphs_of(ink)
    return bool(
        len(glyphs) >= SPEC.glyphs
        and glyphs[:, cv2.CC_STAT_AREA].sum() >= SPEC.share * ink.sum()
        and in_a_row(glyphs) >= SPEC.in_a_row
        and float(np.log(glyphs[:, cv2.CC_STAT_AREA]).std()) >= SPEC.differ
    )


def inked(picture: Picture) -> NDArray[np.uint8]:
    """Returns 1 where the picture differs clearly from the paper around."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    around = cv2.medianBlur(grey, max(15, max(grey.shape) // 12 | 1))
    off = cv2.absdiff(grey, around)
    most = max(float(SPEC.contrast), float(np.percentile(off, 99.5)))
    return np.asarray(off > SPEC.inked * most, np.uint8)


def without_rules(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns the ink without long straight lines, as a table has."""
    height, width = ink.shape
    ruled = np.zeros_like(ink)
    for kernel in (
        np.ones((1, width // 12 + 1), np.uint8),
        np.ones((height // 12 + 1, 1), np.uint8),
    ):
        ruled |= np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), np.uint8)
    beside = np.asarray(cv2.dilate(ruled, np.ones((3, 3), np.uint8)), np.uint8)
    return np.asarray(ink & (1 - beside), np.uint8)


def glyphs_of(ink: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Returns the small parts as OpenCV has them: left, top, width, height, area, `int32[n, 5]`."""
    _, _, parts, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    side = max(ink.shape)
    small = (
        (parts[:, cv2.CC_STAT_AREA] >= SPEC.speck)
        & (parts[:, cv2.CC_STAT_HEIGHT] <= SPEC.tall * side)
        & (parts[:, cv2.CC_STAT_WIDTH] <= SPEC.wide * side)
    )
    small[0] = False  # the paper
    return np.asarray(parts[small], np.int32)


def in_a_row(glyphs: NDArray[np.int32]) -> float:
    """Returns how many glyphs stand beside the median one: their middle is within its height."""
    middles = np.sort(glyphs[:, cv2.CC_STAT_TOP] + glyphs[:, cv2.CC_STAT_HEIGHT] / 2)
    reach = float(np.median(glyphs[:, cv2.CC_STAT_HEIGHT])) / 2
    until = np.searchsorted(middles, middles + reach, side="right")
    since = np.searchsorted(middles, middles - reach, side="left")
    return float(np.median(until - since - 1))
