"""Writes made pictures as files."""

import io

from PIL import Image

from vision.pictures.picture import Picture

QUALITY = 90


def as_png(picture: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return file.getvalue()


def as_jpeg(picture: Picture) -> bytes:
    """Returns the file that a shop would serve; a long picture is too large as PNG."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
