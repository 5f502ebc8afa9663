"""What a picture is once it is decoded."""

import hashlib

import numpy as np
from numpy.typing import NDArray

type Picture = NDArray[np.uint8]
"""RGB, `uint8[height, width, 3]`, upright."""


def pixel_sha256(pixels: Picture) -> str:
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(f"{width}x{height}".encode())
    digest.update(np.ascontiguousarray(pixels))
    return digest.hexdigest()
