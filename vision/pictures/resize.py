"""The sizes at which encoders and geometry work."""

import cv2
import numpy as np

from vision.pictures.picture import Picture

WORKING_SIDE = 640  # pixels; above this SIFT takes more time and hardly finds more matches


def fit(picture: Picture, *, longest: int = WORKING_SIDE) -> Picture:
    """Shrinks the picture so that no side exceeds `longest`; never enlarges it."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    return squash(picture, width=max(1, round(width * scale)), height=max(1, round(height * scale)))


def enlarge(picture: Picture, *, longest: int = WORKING_SIDE) -> Picture:
    """Enlarges the picture until its longer side is `longest`; never shrinks it."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale <= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def squash(picture: Picture, *, width: int, height: int) -> Picture:
    """Resizes to exactly this size, whatever the shape was."""
    smaller = width * height < picture.shape[0] * picture.shape[1]
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    resized = cv2.resize(picture, (width, height), interpolation=method)
    return np.ascontiguousarray(resized, np.uint8)
