"""A window of a listing's picture, and for each of its colours the map of where that colour is."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.channels.logo.shapes import Map
from vision.channels.logo.spec import SPEC
from vision.pictures.picture import Picture


@dataclass(frozen=True)
class Window:
    """Part of a picture that is searched for logos, with its colour maps. `place` maps pixels of `pixels` to
    normalised coordinates (0..1) of the picture.
    """

    pixels: Picture
    place: NDArray[np.float64]
    colours: NDArray[np.float32]
    maps: list[Map]


def window_of(picture: Picture, left: float, top: float, side: float) -> Window:
    """`left`, `top` and `side` are in pixels. Beyond the picture's edge its border is continued."""
    scale = SPEC.fine / side
    onto = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float64)
    source = picture
    if scale < 1:  # shrunk first: sampling a large picture at few places only yields noise
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        source = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        onto = np.array([[1, 0, -left * scale], [0, 1, -top * scale]], np.float64)
    pixels = np.asarray(
        cv2.warpAffine(
            source,
            onto,
            (SPEC.fine, SPEC.fine),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )
    height, width = picture.shape[:2]
    place = np.array(
        [
            [1 / scale / width, 0, left / width],
            [0, 1 / scale / height, top / height],
            [0, 0, 1],
        ]
    )
    coarse = np.asarray(
        cv2.resize(pixels, (SPEC.mapped, SPEC.mapped), interpolation=cv2.INTER_AREA), np.uint8
    )
    colours = colours_of(coarse)
    grain = np.random.default_rng(0).normal(0, SPEC.grain, (SPEC.coarse, SPEC.coarse))
    # Colours are mapped before shrinking: a thin line has its colour only at full size.
    shrunk = (
        cv2.resize(
            ink_map(coarse, colour, SPEC.roughly),
            (SPEC.coarse, SPEC.coarse),
            interpolation=cv2.INTER_AREA,
        )
        for colour in colours
    )
    maps = [np.asarray(ground + grain, np.float32) for ground in shrunk]
    return Window(pixels, place, colours, maps)


def colours_of(pixels: Picture) -> NDArray[np.float32]:
    cv2.setRNGSeed(0)  # fixed seed: the same window gives the same colours
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 10, 1.0)
    points = pixels[:: SPEC.sampled, :: SPEC.sampled].reshape(-1, 3).astype(np.float32)
    _, _, centres = cv2.kmeans(
        points, SPEC.colours, np.empty(0, np.int32), until, 1, cv2.KMEANS_PP_CENTERS
    )
    return np.asarray(centres, np.float32)


def ink_map(pixels: Picture, colour: NDArray[np.float32], spread: float) -> Map:
    """Returns 1 where a pixel has that colour, falling towards 0 with the distance."""
    off = np.zeros(pixels.shape[:2], np.float32)
    for plane, level in zip(cv2.split(pixels), colour.tolist(), strict=True):
        cv2.accumulateSquare(cv2.subtract(plane, level, dtype=cv2.CV_32F), off)
    return np.asarray(cv2.exp(off * np.float32(-0.5 / spread**2)), np.float32)
