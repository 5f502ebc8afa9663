"""Pictures for tests: drawn ones with texture, and photographs from scikit-image."""

import importlib.resources
import io
from typing import Any

import numpy as np
from PIL import Image

from vision.pictures.decode import decode
from vision.pictures.picture import Picture


def drawn(seed: int = 0, *, width: int = 240, height: int = 160) -> Picture:
    """Draws random rectangles: enough texture for local features, different for each seed."""
    dice = np.random.default_rng(seed)
    picture = np.full((height, width, 3), dice.integers(0, 255, 3), np.uint8)
    for _ in range(60):
        x, y = dice.integers(0, width - 8), dice.integers(0, height - 8)
        w, h = dice.integers(8, width // 3), dice.integers(8, height // 3)
        picture[y : y + h, x : x + w] = dice.integers(0, 255, 3)
    return picture


def photograph(name: str) -> Picture:
    return decode((importlib.resources.files("skimage.data") / name).read_bytes()).pixels


def encoded(picture: Picture, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, **options)
    return file.getvalue()
