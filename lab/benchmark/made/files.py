"""Writes made pictures as files."""

from vision.pictures.encode import to_jpeg, to_png
from vision.pictures.picture import Picture

QUALITY = 90


def as_png(picture: Picture) -> bytes:
    return to_png(picture, compress_level=1)


def as_jpeg(picture: Picture) -> bytes:
    """Returns the file that a shop would serve; a long picture is too large as PNG."""
    return to_jpeg(picture, quality=QUALITY)
