"""Bytes from strangers into upright sRGB pixels, within limits, or one clear error.

A name or a declared type is never trusted. `inspect` reads the header only and is cheap enough
for a web process; `decode` makes the pixels.
"""

import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pi_heif
from django.conf import settings
from django.core.files.base import ContentFile
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from brandguard.faults import Fault
from fingerprints.images.formats import NAMES, READ

type Picture = NDArray[np.uint8]
"""RGB, `uint8[height, width, 3]`, upright."""

MIN_SIDE = 32  # pixels; below this neither encoder nor geometry has anything to go by
PREVIEW_SIDE = 2560  # pixels: what a reviewer can zoom into; few sellers send more
MAX_ASPECT = 20  # longer side over shorter side

READERS = tuple(one.reader for one in READ)
pi_heif.register_heif_opener(thumbnails=False)
# Our own limit is checked on every header, before any pixel is made.
Image.MAX_IMAGE_PIXELS = None

# What Pillow and the libraries under it raise on bytes that are not what they claim to be. Not
# Exception itself: the end of a worker's time is one too.
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


class UnreadableImage(Fault):
    code = "image_unreadable"


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
    """`pixel_sha256` is equal exactly when size and every pixel are equal."""

    pixels: Picture
    format: str
    pixel_sha256: str


def inspect(data: bytes) -> Header:
    """Type and size from the header. Raises UnreadableImage."""
    with opened(data) as image:
        return Header(image.format or "", image.width, image.height)


def decode(data: bytes) -> Decoded:
    """The first frame, turned as its EXIF says, on white where it is transparent.

    Raises UnreadableImage. Memory peaks at up to 20 bytes for each pixel of the picture, while
    its colours are converted.
    """
    with opened(data) as image:
        kind = image.format or ""
        try:
            image.load()
            check_size(image.width, image.height)  # HEIC may decode to another than it claims
            pixels = np.asarray(to_rgb(ImageOps.exif_transpose(image)))
        except BROKEN as error:
            raise UnreadableImage(
                f"The {kind} picture is damaged: {error}.", remedy="Send the whole file again."
            ) from error
    return Decoded(pixels, kind, pixel_sha256(pixels))


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    if not data:
        raise UnreadableImage("The file is empty.", remedy="Send the whole file again.")
    if len(data) > settings.MAX_IMAGE_BYTES:
        raise ImageTooLarge(
            f"The file has more than {settings.MAX_IMAGE_BYTES:,} bytes.",
            remedy=f"Send at most {settings.MAX_IMAGE_BYTES:,} bytes.",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which we do not keep
        try:
            image = Image.open(io.BytesIO(data), formats=READERS)
        except UnidentifiedImageError as error:
            raise NotAnImage(
                "This is not a picture of a type that is read here.",
                remedy=f"Send {NAMES}.",
            ) from error
        except BROKEN as error:
            raise UnreadableImage(
                f"The picture is damaged: {error}.", remedy="Send the whole file again."
            ) from error
        with image:
            check_size(image.width, image.height)
            yield image


def check_size(width: int, height: int) -> None:
    if width * height > settings.MAX_IMAGE_PIXELS:
        raise ImageTooLarge(
            f"The picture has {width} x {height} pixels.",
            remedy=f"Send at most {settings.MAX_IMAGE_PIXELS:,} pixels.",
        )
    if min(width, height) < MIN_SIDE:
        raise ImageTooSmall(
            f"The picture is {width} x {height} pixels.",
            remedy=f"Send at least {MIN_SIDE} pixels on each side.",
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ImageTooSmall(
            f"The picture is {width} x {height} pixels, too thin to compare.",
            remedy=f"Crop it: the longer side may be {MAX_ASPECT} times the shorter.",
        )


def to_rgb(image: Image.Image) -> Image.Image:
    """Colours as the file's own profile says, deep grey scaled to 8 bits, white behind alpha."""
    if image.mode.startswith("I"):
        deep = np.asarray(image)
        return Image.fromarray((deep.clip(0, 65535) >> 8).astype(np.uint8)).convert("RGB")
    image = to_srgb(image)
    if image.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            image, own, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile: the plain colours are the best there is
    return converted or image


def pixel_sha256(pixels: Picture) -> str:
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(f"{width}x{height}".encode())
    digest.update(np.ascontiguousarray(pixels))
    return digest.hexdigest()


def preview(pixels: Picture) -> ContentFile[bytes]:
    """What screens show of a picture."""
    return ContentFile(jpeg(pixels, longest=PREVIEW_SIDE), "preview.jpg")


def jpeg(pixels: Picture, *, longest: int) -> bytes:
    """A copy for screens: no metadata, at most `longest` pixels a side."""
    image = Image.fromarray(pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()


def to_png(pixels: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def from_png(data: bytes) -> Picture:
    """Only of what to_png wrote: nothing is checked."""
    return np.asarray(Image.open(io.BytesIO(data)), np.uint8)
