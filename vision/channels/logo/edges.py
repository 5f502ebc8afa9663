"""Oriented edges: where a picture has edges, and in which direction they run, whatever its colours are.

A logo of one colour has its edges where its outline is, on any ground, and thin lines have edges too. Ink of a
colour that is not known yet cannot be looked for, edges can.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.channels.logo.spec import SPEC

type Edges = NDArray[np.float32]
"""`float32[height, width, 4]`: strength 0..1 of edges at 0, 45, 90 and 135 degrees."""


def edges_of(pixels: NDArray[Any]) -> Edges:
    """Returns the edges of a picture with one or three channels of 0..255, at half of its size. In each place
    the channel counts that changes most. Strength is limited: one strong edge must not outweigh an outline.
    """
    soft = cv2.GaussianBlur(pixels, (0, 0), SPEC.edge_blur)
    across = np.asarray(cv2.Sobel(soft, cv2.CV_32F, 1, 0), np.float32)
    down = np.asarray(cv2.Sobel(soft, cv2.CV_32F, 0, 1), np.float32)
    if across.ndim == 3:  # noqa: PLR2004 - height, width, channels
        across, down = steepest(across, down)
    steep = cv2.magnitude(across, down) + np.float32(1e-6)
    strength = steep / (steep + np.float32(SPEC.half_edge))
    # Twice the angle: light on dark and dark on light are the same edge.
    cosine = (across * across - down * down) / (steep * steep) * strength
    sine = 2 * across * down / (steep * steep) * strength
    parts = [np.maximum(part, 0) for part in (cosine, sine, -cosine, -sine)]
    size = (steep.shape[1] // 2, steep.shape[0] // 2)
    small = cv2.resize(np.dstack(parts), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), SPEC.edge_blur), np.float32)


def steepest(
    across: NDArray[np.float32], down: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns the slopes of the channel that changes most."""
    planes_x, planes_y = cv2.split(across), cv2.split(down)
    x, y = planes_x[0], planes_y[0]
    most = x * x + y * y
    for other_x, other_y in zip(planes_x[1:], planes_y[1:], strict=True):
        steep = other_x * other_x + other_y * other_y
        more = steep > most
        x, y = np.where(more, other_x, x), np.where(more, other_y, y)
        most = np.maximum(most, steep)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)
