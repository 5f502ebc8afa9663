"""Files that strangers send instead of pictures, by name."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
from django.conf import settings

from tests.pictures import drawn, encoded
from vision.pictures.picture import Picture


def blank(width: int, height: int) -> Picture:
    return np.zeros((height, width, 3), np.uint8)


def bomb() -> bytes:
    """Returns a PNG of a few bytes whose header claims ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 10_000)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


MAKERS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "truncated PNG": lambda: encoded(drawn())[:500],
    "truncated JPEG": lambda: encoded(drawn(), "JPEG")[:900],
    "random bytes": lambda: np.random.default_rng(1).bytes(5000),
    "HTML": lambda: b"<!doctype html><html><body>404</body></html>",
    "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "bomb": bomb,
    "1x1": lambda: encoded(blank(1, 1)),
    "30,000x10": lambda: encoded(blank(30_000, 10)),
    "over the limit": lambda: encoded(drawn()) + bytes(settings.MAX_IMAGE_BYTES),
}
NAMES = sorted(MAKERS)


def make(name: str) -> bytes:
    return MAKERS[name]()
