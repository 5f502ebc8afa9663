"""The sizes that encoders and geometry work at."""

import cv2
import numpy as np

from vision.pictures.decode import Picture

WORKING_SIDE = 640  # pixels; SIFT's time grows with the area, its matches hardly do above this


def fit(picture: Picture, *, longest: int = WORKING_SIDE) -> Picture:
    """Shrunk so that no side exceeds `longest`; never enlarged."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    return squash(picture, width=max(1, round(width * scale)), height=max(1, round(height * scale)))


def enlarge(picture: Picture, *, longest: int = WORKING_SIDE) -> Picture:
    """So that its longer side is `longest`; a picture that is as large stays as it is."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale <= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def squash(picture: Picture, *, width: int, height: int) -> Picture:
    """To exactly this size, whatever the shape was."""
    smaller = width * height < picture.shape[0] * picture.shape[1]
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    resized = cv2.resize(picture, (width, height), interpolation=method)
    return np.ascontiguousarray(resized, np.uint8)
