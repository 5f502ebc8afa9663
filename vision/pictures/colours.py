"""What colours a thing has, and how much of each: what stays as it is turned.

Two tins of one shape and of different print are alike to any encoder of shapes; their colours are not.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.pictures.decode import Picture
from vision.pictures.resize import squash


@dataclass(frozen=True)
class ColourSpec:
    """How colours are counted."""

    side: int = 128  # pixels a picture is squashed to
    shades: int = 4  # steps of lightness, and of each of the two colour axes of CIE Lab
    tints: int = 16
    stands_out: float = 20.0  # distance in Lab from the ground


SPEC = ColourSpec()

RANGE = ((0, 256), (40, 216), (40, 216))  # of OpenCV's 8-bit Lab; beyond it hardly anything is

type Colours = NDArray[np.float32]
"""`float32[SHADES * TINTS * TINTS]`, shares that sum to 1; all 0 where nothing stands out."""


def colours_of(picture: Picture) -> Colours:
    """Of what stands out from the ground, which is what most of the border shows."""
    lab = cv2.cvtColor(squash(picture, width=SPEC.side, height=SPEC.side), cv2.COLOR_RGB2LAB)
    levels = lab.astype(np.float32)
    edge = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    off = np.sqrt(((levels - np.median(edge, axis=0)) ** 2).sum(axis=2))
    counts, _ = np.histogramdd(
        levels[off > SPEC.stands_out], bins=(SPEC.shades, SPEC.tints, SPEC.tints), range=RANGE
    )
    # A tint at the edge of two steps counts for both.
    soft = cv2.GaussianBlur(counts.transpose(1, 2, 0).astype(np.float32), (3, 3), 0)
    total = float(soft.sum())
    return np.asarray(soft.ravel() / total if total else soft.ravel(), np.float32)


def in_common(a: Colours, b: Colours) -> float:
    """The share of both that is the same, 0..1."""
    return float(np.minimum(a, b).sum())
