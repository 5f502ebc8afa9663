"""The colours of an object and how much of each it has; these stay when it is turned.

Any encoder of shapes finds two tins of one shape and different print alike; their colours differ.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.pictures.picture import Picture
from vision.pictures.resize import squash


@dataclass(frozen=True)
class ColourSpec:
    """How colours are counted."""

    side: int = 128  # side in pixels to which a picture is squashed
    shades: int = 4  # steps of lightness, and `tints` of each of the two colour axes of CIE Lab
    tints: int = 16
    stands_out: float = 20.0  # distance in Lab from the ground


SPEC = ColourSpec()

RANGE = ((0, 256), (40, 216), (40, 216))  # of OpenCV's 8-bit Lab; hardly any colour lies beyond

type Colours = NDArray[np.float32]
"""`float32[shades * tints * tints]`, shares that sum to 1; all 0 where nothing stands out."""


def colours_of(picture: Picture) -> Colours:
    """Counts the colours that differ from the ground, which is the median colour of the border."""
    lab = cv2.cvtColor(squash(picture, width=SPEC.side, height=SPEC.side), cv2.COLOR_RGB2LAB)
    levels = lab.astype(np.float32)
    edge = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    off = np.sqrt(((levels - np.median(edge, axis=0)) ** 2).sum(axis=2))
    counts, _ = np.histogramdd(
        levels[off > SPEC.stands_out], bins=(SPEC.shades, SPEC.tints, SPEC.tints), range=RANGE
    )
    # A tint on the edge of two steps counts for both.
    soft = cv2.GaussianBlur(counts.transpose(1, 2, 0).astype(np.float32), (3, 3), 0)
    total = float(soft.sum())
    return np.asarray(soft.ravel() / total if total else soft.ravel(), np.float32)


def tinted(colours: Colours) -> float:
    """Returns the share of colours that are not grey, 0..1."""
    by_tint = colours.reshape(SPEC.tints, SPEC.tints, SPEC.shades)
    middle = slice(SPEC.tints // 2 - 1, SPEC.tints // 2 + 1)
    return float(by_tint.sum() - by_tint[middle, middle].sum())


def in_common(a: Colours, b: Colours) -> float:
    """Returns the share of colours in common, 0..1."""
    return float(np.minimum(a, b).sum())
