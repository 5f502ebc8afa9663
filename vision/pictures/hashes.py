"""Perceptual hashes, which only retrieve candidates and never decide."""

import numpy as np
from PIL import Image

from vision.pictures.picture import Picture

ALL_BITS = (1 << 64) - 1  # makes a signed number unsigned: -1 has 64 bits


def differing_bits(one: int, other: int) -> int:
    """Returns the number of bits, 0 to 64, in which two hashes differ."""
    return ((one ^ other) & ALL_BITS).bit_count()


def perceptual_hash(picture: Picture) -> int:
    """Returns a 64-bit DCT hash as a signed integer, the type that databases store.

    Pictures that look alike differ in few bits. A crop of 5% already breaks it (Thorn's figures for
    `perception`), so it only retrieves.
    """
    import imagehash

    bits = np.packbits(imagehash.phash(Image.fromarray(picture)).hash)
    return int.from_bytes(bits.tobytes(), "big", signed=True)
