"""A window of a listing's picture, with its edges, and the map of where a colour is."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.channels.logo.edges import Edges, edges_of
from vision.channels.logo.shapes import Map
from vision.channels.logo.spec import SPEC
from vision.pictures.picture import Picture


@dataclass(frozen=True)
class Window:
    """Part of a picture that is searched for logos. `place` maps pixels of `pixels` to normalised coordinates
    (0..1) of the picture.
    """

    pixels: Picture
    place: NDArray[np.float64]
    edges: Edges


def window_of(picture: Picture, left: float, top: float, side: float) -> Window:
    """`left`, `top` and `side` are in pixels. Beyond the picture's edge its border is continued."""
    height, width = picture.shape[:2]
    left, top, side = round(left), round(top), max(2, round(side))
    pixels = cut_out(picture, left, top, side)
    scale = side / SPEC.fine
    place = np.array(
        [[scale / width, 0, left / width], [0, scale / height, top / height], [0, 0, 1]]
    )
    size = (2 * SPEC.coarse, 2 * SPEC.coarse)
    mapped = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return Window(pixels, place, edges_of(mapped))


def cut_out(picture: Picture, left: int, top: int, side: int) -> Picture:
    """Returns the square with SPEC.fine pixels a side. Only the window is shrunk, not the whole picture:
    a listing has some twenty windows.
    """
    height, width = picture.shape[:2]
    right, bottom = left + side, top + side
    inside = picture[max(0, top) : bottom, max(0, left) : right]
    if inside.shape[:2] != (side, side):
        edges = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
        inside = np.asarray(cv2.copyMakeBorder(inside, *edges, cv2.BORDER_REPLICATE), np.uint8)
    # Averaging takes ten times as long and changes nothing until pixels would be skipped.
    method = cv2.INTER_AREA if side > SPEC.skips * SPEC.fine else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(inside, (SPEC.fine, SPEC.fine), interpolation=method), np.uint8)


def colours_of(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Returns the main colours of `uint8[n, 3]`, the most frequent first: those that a shape may have in this
    place.
    """
    points = pixels[:: max(1, len(pixels) // SPEC.sampled)].astype(np.float32)
    if len(points) < SPEC.colours:
        return points.mean(axis=0, keepdims=True) if len(points) else points
    cv2.setRNGSeed(0)  # fixed seed: the same window gives the same colours
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 10, 1.0)
    _, labels, centres = cv2.kmeans(
        points, SPEC.colours, np.empty(0, np.int32), until, 1, cv2.KMEANS_PP_CENTERS
    )
    often = np.bincount(np.asarray(labels, np.int64).ravel(), minlength=SPEC.colours)
    return np.asarray(centres[np.argsort(-often, kind="stable")], np.float32)


def ink_map(pixels: Picture, colour: NDArray[np.float32], spread: float) -> Map:
    """Returns 1 where a pixel has that colour, falling towards 0 with the distance."""
    off = np.zeros(pixels.shape[:2], np.float32)
    for plane, level in zip(cv2.split(pixels), colour.tolist(), strict=True):
        cv2.accumulateSquare(cv2.subtract(plane, level, dtype=cv2.CV_32F), off)
    return np.asarray(cv2.exp(off * np.float32(-0.5 / spread**2)), np.float32)
