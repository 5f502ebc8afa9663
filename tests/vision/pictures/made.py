"""Files of pictures, whole and spoilt."""

import io
import struct
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.pictures import drawn
from vision.pictures.picture import Picture

SIZE = (48, 40)  # width, height
ORIENTATION = 0x0112  # EXIF tag


def small(seed: int = 1) -> Image.Image:
    width, height = SIZE
    return Image.fromarray(drawn(seed, width=width, height=height))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def with_orientation(image: Image.Image, number: int, kind: str = "PNG") -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = number
    return saved(image, kind, exif=exif)


def animated(kind: str, **options: Any) -> bytes:
    frames = [small(seed) for seed in (1, 2, 3)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)


def png_that_claims(width: int, height: int) -> bytes:
    """A header of that size, and hardly anything behind it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return png(chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))))


def png_of_16_bit_colours(pixels: np.ndarray[Any, np.dtype[np.uint16]]) -> bytes:
    """Pillow cannot write these; every line goes unfiltered."""
    height, width = pixels.shape[:2]
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in pixels)
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return png(chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)))


def png(chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunks + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def heic() -> bytes:
    """drawn(1), as no library that is installed here can write it."""
    return (Path(__file__).parent / "drawn.heic").read_bytes()


@cache
def files_of_every_kind() -> dict[str, bytes]:
    """Small and whole; by a name that says what is special."""
    image = small()
    return {
        "png": with_orientation(image, 6),
        "png-palette": saved(image.quantize(16), "PNG", transparency=bytes(8)),
        "png-grey-16": saved(Image.fromarray(np.full((40, 48), 900, np.uint16)), "PNG"),
        "png-grey-alpha": saved(image.convert("LA"), "PNG"),
        "png-1-bit": saved(image.convert("1"), "PNG"),
        "png-animated": animated("PNG"),
        "jpeg": with_orientation(image, 8, "JPEG"),
        "jpeg-progressive": saved(image, "JPEG", progressive=True),
        "jpeg-cmyk": saved(image.convert("CMYK"), "JPEG"),
        "mpo": animated("MPO"),
        "gif": animated("GIF"),
        "webp": with_orientation(image, 3, "WEBP"),
        "webp-lossless": saved(image.convert("RGBA"), "WEBP", lossless=True),
        "webp-animated": animated("WEBP"),
        "avif": with_orientation(image, 6, "AVIF"),
        "avif-animated": animated("AVIF"),
        "heic": heic(),
        "tiff": with_orientation(image, 6, "TIFF"),
        "tiff-lzw": saved(image, "TIFF", compression="tiff_lzw"),
        "tiff-of-pages": animated("TIFF"),
        "bmp": saved(image, "BMP"),
    }


def difference(one: Picture, other: Picture) -> float:
    """Mean over all pixels, in steps of 0..255."""
    return float(np.abs(one.astype(int) - other.astype(int)).mean())
