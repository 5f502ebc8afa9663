"""Shows what a browser shows of a damaged file. People who see the page recognise a JPEG or PNG without its
end, so it has to be matched.
"""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Browsers show these line by line as they arrive; other formats in full or not at all.
BY_LINE = frozenset({"PNG", "JPEG", "MPO", "GIF", "BMP"})
PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
PROGRESSIVE, SCAN = b"\xff\xc2", b"\xff\xda"  # markers
LEAST_SHARE = 0.5  # of the lines: with fewer a viewer cannot tell what the picture was


def lines_there(image: Image.Image, again: Image.Image) -> NDArray[np.bool_]:
    """Returns for each line whether all of it could be decoded: a line that is equal over black and over
    white was. Both images are opened from the same bytes and not loaded yet.
    """
    over_black, over_white = raw(image, 0), raw(again, 255)
    equal = over_black == over_white
    return np.asarray(equal.reshape(len(equal), -1).all(axis=1))


def raw(image: Image.Image, ground: int) -> NDArray[np.generic]:
    """Decodes what is possible over a ground of that value."""
    prepare = image.load_prepare  # type: ignore[attr-defined] # only images from files have it

    def prepare_over_ground() -> None:
        prepare()
        image.im.paste(ground, (0, 0, *image.im.size))

    image.load_prepare = prepare_over_ground  # type: ignore[attr-defined]
    try:
        image.load()
    except Exception:  # noqa: BLE001 - the caller knows that it is broken: what is there counts
        image.tile = []  # type: ignore[attr-defined] # there is nothing more to load
    return np.asarray(image)


def without_gaps(image: Image.Image, there: NDArray[np.bool_]) -> Image.Image:
    """Returns the lines from the first to the last that is there. A missing line in between, as in an
    interlaced picture, repeats the line above.
    """
    found = np.flatnonzero(there)
    lines = np.arange(found[0], found[-1] + 1)
    source = found[np.searchsorted(found, lines, side="right") - 1]
    cropped = image.crop((0, int(found[0]), image.width, int(found[-1]) + 1))
    if len(found) < len(lines):
        for line, taken in zip(lines, source, strict=True):
            if line != taken:
                box = (0, int(taken), image.width, int(taken) + 1)
                cropped.paste(image.crop(box), (0, int(line - found[0])))
    return cropped


def with_end(data: bytes) -> bytes | None:
    """Returns a progressive JPEG with a complete first scan, closed: every line is there, at worst coarse.
    None for any other file.
    """
    at = len(JPEG_START)
    progressive = False
    while data.startswith(JPEG_START) and at + 4 <= len(data):
        marker = data[at : at + 2]
        progressive |= marker == PROGRESSIVE
        if marker == SCAN:
            return data + JPEG_END if progressive and data.count(SCAN, at) > 1 else None
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def mended_png(data: bytes) -> bytes | None:
    """Returns the file with correct checksums and without ancillary chunks whose checksum is wrong, which
    browsers ignore. None where that changes nothing.
    """
    if not data.startswith(PNG_START):
        return None
    parts = [PNG_START]
    at = len(PNG_START)
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if len(body) < length:
            break
        right = struct.pack(">I", zlib.crc32(name + body))
        if right == data[at + 8 + length : at + 12 + length] or name[:1].isupper():
            parts.append(data[at : at + 8 + length] + right)
        at += 12 + length
    mended = b"".join([*parts, data[at:]])
    return None if mended == data else mended


def opened_again(data: bytes, kind: str) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=[kind])
