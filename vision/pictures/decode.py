"""Decodes bytes from strangers into upright sRGB pixels within limits, or raises one clear error.

File names and declared types are never trusted. `inspect` reads only the header and is cheap enough for a
web process; `decode` makes the pixels.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import numpy as np
import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from brandguard.kernel.errors import DomainError
from vision.configuration import configuration
from vision.pictures.damaged import (
    BY_LINE,
    LEAST_SHARE,
    lines_there,
    mended_png,
    opened_again,
    with_end,
    without_gaps,
)
from vision.pictures.formats import NAMES, READ
from vision.pictures.picture import Picture, pixel_sha256
from vision.pictures.srgb import LIGHT, on_dark, on_ground, to_colours

MIN_SIDE = 32  # pixels; below this neither encoder nor geometry has enough to work with
MAX_ASPECT = 100  # longer side over shorter side; long pictures are matched in parts

READERS = tuple(one.reader for one in READ)
pi_heif.register_heif_opener(thumbnails=False)
# Our own limit is checked on every header, before any pixel is made.
Image.MAX_IMAGE_PIXELS = None

# What Pillow and its libraries raise on bytes that are not what they claim to be. Not Exception itself,
# which a worker's time limit raises too.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)


class UnreadableImage(DomainError):
    code = "image_unreadable"


class DamagedImage(UnreadableImage):
    """Never leaves this module."""


class NotAnImage(UnreadableImage):
    code = "image_type"


class ImageTooLarge(UnreadableImage):
    code = "image_too_large"


class ImageTooSmall(UnreadableImage):
    code = "image_too_small"


@dataclass(frozen=True)
class Header:
    format: str
    width: int
    height: int


@dataclass(frozen=True)
class Decoded:
    """`pixels` are on white where the picture is transparent; `on_dark` are on a dark ground, None where
    that makes no difference. `pixel_sha256` is equal exactly when size and every pixel of `pixels` are
    equal. `seen` is the share of lines decoded: 1, or less for a damaged file.
    """

    pixels: Picture
    format: str
    pixel_sha256: str
    on_dark: Picture | None = None
    seen: float = 1.0
    is_damaged: bool = False


def inspect(data: bytes) -> Header:
    """Returns type and size from the header. Raises UnreadableImage."""
    with opened(data) as image:
        return Header(image.format or "", image.width, image.height)


def decode(data: bytes) -> Decoded:
    """Decodes the first frame, turned as its EXIF says, on white where it is transparent. A damaged file
    yields what browsers show of it, if that is most of its lines.

    Raises UnreadableImage. Memory peaks at up to 20 bytes for each pixel while colours are converted.
    """
    try:
        return decode_whole(data)
    except DamagedImage as error:
        if found := decode_damaged(data):
            return found
        raise UnreadableImage(error.message, remedy=error.remedy) from error


def decode_whole(data: bytes) -> Decoded:
    """Raises UnreadableImage, or DamagedImage where a part may be decodable."""
    with opened(data) as image:
        kind = image.format or ""
        try:
            image.load()
            check_size(image.width, image.height)  # HEIC may decode to a size other than it claims
            return as_decoded(image, kind)
        except BROKEN as error:
            raise DamagedImage(
                f"The {kind} picture is damaged: {error}.", remedy="Send the whole file again."
            ) from error


def decode_damaged(data: bytes) -> Decoded | None:
    """Returns None where most of it is lost. Raises UnreadableImage where the remainder is too small."""
    for mended in (mended_png(data), with_end(data)):
        if mended:
            with suppress(DamagedImage):
                return replace(decode_whole(mended), is_damaged=True)
    return decode_lines(mended_png(data) or data)


def decode_lines(data: bytes) -> Decoded | None:
    with opened(data) as image:
        kind = image.format or ""
        if kind not in BY_LINE:
            return None
        try:
            there = lines_there(image, opened_again(data, kind))
            share = float(there.mean())
            if share < LEAST_SHARE:
                return None
            found = without_gaps(image, there)
            check_size(found.width, found.height)
            return replace(as_decoded(found, kind), seen=share, is_damaged=True)
        except BROKEN:
            return None


def as_decoded(image: Image.Image, kind: str) -> Decoded:
    coloured = to_colours(ImageOps.exif_transpose(image))
    pixels = np.asarray(on_ground(coloured, LIGHT))
    return Decoded(pixels, kind, pixel_sha256(pixels), on_dark(coloured, pixels))


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    if not data:
        raise UnreadableImage("The file is empty.", remedy="Send the whole file again.")
    most = configuration().max_image_bytes
    if len(data) > most:
        raise ImageTooLarge(
            f"The file has more than {most:,} bytes.",
            remedy=f"Send at most {most:,} bytes.",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which we do not keep
        try:
            image = open_any(data)
        except UnidentifiedImageError as error:
            raise NotAnImage(
                "This file is not a picture of a supported type.",
                remedy=f"Send {NAMES}.",
            ) from error
        except BROKEN as error:
            raise UnreadableImage(
                f"The picture is damaged: {error}.", remedy="Send the whole file again."
            ) from error
        with image:
            check_size(image.width, image.height)
            yield image


def open_any(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=READERS)
    except UnidentifiedImageError:
        if mended := mended_png(data):  # a checksum of an ancillary chunk may be wrong
            return Image.open(io.BytesIO(mended), formats=READERS)
        raise


def check_size(width: int, height: int) -> None:
    most = configuration().max_image_pixels
    if width * height > most:
        raise ImageTooLarge(
            f"The picture has {width} x {height} pixels.",
            remedy=f"Send at most {most:,} pixels.",
        )
    if min(width, height) < MIN_SIDE:
        raise ImageTooSmall(
            f"The picture is {width} x {height} pixels.",
            remedy=f"Send at least {MIN_SIDE} pixels on each side.",
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ImageTooSmall(
            f"The picture is {width} x {height} pixels, too thin to compare.",
            remedy=f"Send it in several: the longer side may be {MAX_ASPECT} times the shorter.",
        )
