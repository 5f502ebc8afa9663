"""Local features: SIFT points with root-normalised descriptors (Arandjelovic and Zisserman, 2012)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from fingerprints.images.decode import Picture
from fingerprints.images.resize import fit

VERSION = "sift-1"  # a change in how features are made or verified is another version
VIEW_POINTS = 460  # of a registered view: 132 bytes a point keeps a view under 64 KB
LISTING_POINTS = 1000
# Faint points count where there are no stronger ones: with OpenCV's own 0.04 and with 0.02 a blurred
# object has 5 of them, with this 83, of which half are found again after a crop.
CONTRAST = 0.005
CELLS = 4  # a side: each sixteenth of a picture has its share of the points
SCALE = 512  # root-normalised values are at most about 0.5: one byte holds them well


@dataclass(frozen=True)
class LocalFeatures:
    """Points in shares of the picture (0..1), so that they hold at every size.

    `points float32[n, 2]` as x, y; `descriptors uint8[n, 128]`; `width` and `height` in pixels of
    the picture that they were found on.
    """

    points: NDArray[np.float32]
    descriptors: NDArray[np.uint8]
    width: int
    height: int

    def __len__(self) -> int:
        return len(self.points)

    def to_bytes(self) -> bytes:
        """NumPy's own open format, never a pickle."""
        file = io.BytesIO()
        np.savez(
            file,
            points=np.round(self.points * 65535).astype(np.uint16),
            descriptors=self.descriptors,
            size=np.array([self.width, self.height], np.uint16),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "LocalFeatures":
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            width, height = stored["size"].tolist()
            points = stored["points"].astype(np.float32) / 65535
            return cls(points, stored["descriptors"], width, height)


def extract(picture: Picture, *, most: int) -> LocalFeatures:
    """At most `most` features, the strongest; none on a picture without texture."""
    working = fit(picture)
    height, width = working.shape[:2]
    grey = cv2.cvtColor(working, cv2.COLOR_RGB2GRAY)
    chosen = spread(detector().detect(grey, None), width, height, most)
    keypoints, found = detector().compute(grey, chosen)
    if found is None:
        keypoints, found = [], np.empty((0, 128), np.float32)
    points = np.array([k.pt for k in keypoints], np.float32).reshape(-1, 2)
    return LocalFeatures(
        np.clip(points / (width, height), 0, 1).astype(np.float32),
        root_normalised(np.asarray(found, np.float32)),
        width,
        height,
    )


def spread(
    keypoints: Sequence[cv2.KeyPoint], width: int, height: int, most: int
) -> list[cv2.KeyPoint]:
    """The strongest of each cell first, so that a busy scene does not crowd out a smooth product;
    what is left of `most` goes to the strongest anywhere.
    """
    strongest = sorted(keypoints, key=lambda k: (-k.response, k.pt, k.angle))
    taken = [0] * CELLS**2
    first: list[cv2.KeyPoint] = []
    rest: list[cv2.KeyPoint] = []
    for keypoint in strongest:
        x, y = keypoint.pt
        cell = min(CELLS - 1, int(x / width * CELLS)) + CELLS * min(
            CELLS - 1, int(y / height * CELLS)
        )
        taken[cell] += 1
        (first if taken[cell] <= most // CELLS**2 else rest).append(keypoint)
    return (first + rest)[:most]


def root_normalised(descriptors: NDArray[np.float32]) -> NDArray[np.uint8]:
    sums = np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(np.clip(np.sqrt(descriptors / sums) * SCALE, 0, 255), np.uint8)


@lru_cache
def detector() -> cv2.SIFT:
    return cv2.SIFT.create(contrastThreshold=CONTRAST)
