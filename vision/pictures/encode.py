"""Encodes pictures for screens (JPEG) and for the database (PNG)."""

import io

import numpy as np
from PIL import Image

from vision.pictures.picture import Picture

PREVIEW_SIDE = 2560  # pixels a reviewer can zoom into; few sellers send more


def preview(pixels: Picture) -> bytes:
    """Returns the JPEG that screens show of a picture."""
    return jpeg(pixels, longest=PREVIEW_SIDE)


def jpeg(pixels: Picture, *, longest: int) -> bytes:
    """Returns a copy for screens: no metadata, at most `longest` pixels a side."""
    image = Image.fromarray(pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return saved(image, "JPEG", quality=85)


def to_jpeg(pixels: Picture, *, quality: int) -> bytes:
    return saved(Image.fromarray(pixels), "JPEG", quality=quality)


def to_png(pixels: Picture, *, compress_level: int = 6) -> bytes:
    return saved(Image.fromarray(pixels), "PNG", compress_level=compress_level)


def saved(image: Image.Image, kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def from_png(data: bytes) -> Picture:
    """Reads only what to_png wrote and checks nothing."""
    return np.asarray(Image.open(io.BytesIO(data)), np.uint8)
