"""Perceptual hashes: they nominate candidates and never decide anything."""

import numpy as np
from PIL import Image

from vision.pictures.decode import Picture

ALL_BITS = (1 << 64) - 1  # as if there were no sign: -1 has 64 bits


def differing_bits(one: int, other: int) -> int:
    """Of two hashes: 0 to 64."""
    return ((one ^ other) & ALL_BITS).bit_count()


def perceptual_hash(picture: Picture) -> int:
    """64 bits of DCT hash as a signed integer, which is what databases store.

    Pictures alike to the eye differ in few bits; a 5% crop already breaks it (Thorn's figures
    for `perception`), hence only a nomination.
    """
    import imagehash

    bits = np.packbits(imagehash.phash(Image.fromarray(picture)).hash)
    return int.from_bytes(bits.tobytes(), "big", signed=True)
