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
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()


def to_png(pixels: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def from_png(data: bytes) -> Picture:
    """Reads only what to_png wrote and checks nothing."""
    return np.asarray(Image.open(io.BytesIO(data)), np.uint8)
