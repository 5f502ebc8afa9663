"""Local features: SIFT points with root-normalised descriptors (Arandjelovic and Zisserman, 2012)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from fingerprints.images.decode import Picture
from fingerprints.images.resize import enlarge, fit

VERSION = "sift-2"  # a change in how features are made or verified is another version
VIEW_POINTS = 460  # of a registered view: 132 bytes a point keeps a view under 64 KB
LISTING_POINTS = 1000
LEAST_SIDE = 400  # pixels of the longer side: smaller pictures are enlarged
# Faint points count where there are no stronger ones: with OpenCV's own 0.04 and with 0.02 a blurred
# object has 5 of them, with this 83, of which half are found again after a crop.
CONTRAST = 0.005
CELLS = 4  # a side: each sixteenth of a picture has its share of the points
# A descriptor is 4x4 histograms of 8 directions, in the frame of the point's own direction. In a
# mirrored picture the rows across that direction change places and directions turn the other way;
# in an inverted one the point's direction turns round, and every histogram goes to the other end.
# So one set of features serves all four appearances: 89% of the points that SIFT finds on a
# mirrored picture are met by these, and 99.8% on an inverted one.
LAYOUT = np.arange(128).reshape(4, 4, 8)
MIRRORED = LAYOUT[::-1][:, :, -np.arange(8) % 8].ravel()
INVERTED = LAYOUT[::-1, ::-1].ravel()
STEPS = 65535  # in a share of the picture: what a stored point is exact to
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

    def mirrored(self) -> "LocalFeatures":
        """What would be found on the picture mirrored left to right."""
        points = np.stack([1 - self.points[:, 0], self.points[:, 1]], axis=1)
        return replace(self, points=points, descriptors=self.descriptors[:, MIRRORED])

    def inverted(self) -> "LocalFeatures":
        """What would be found on the picture with light and dark exchanged."""
        return replace(self, descriptors=self.descriptors[:, INVERTED])

    def to_bytes(self) -> bytes:
        """NumPy's own open format, never a pickle."""
        file = io.BytesIO()
        np.savez(
            file,
            points=np.round(self.points * STEPS).astype(np.uint16),
            descriptors=self.descriptors,
            size=np.array([self.width, self.height], np.uint16),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "LocalFeatures":
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            width, height = stored["size"].tolist()
            points = stored["points"].astype(np.float32) / STEPS
            return cls(points, stored["descriptors"], width, height)


def extract(picture: Picture, *, most: int) -> LocalFeatures:
    """At most `most` features, the strongest; none on a picture without texture.

    Small pictures are enlarged: official pictures of packages are often of 200 pixels. Not to the
    full working size: the points of a view then are of a detail that a small copy has lost.
    """
    working = enlarge(fit(picture), longest=LEAST_SIDE)
    height, width = working.shape[:2]
    grey = cv2.cvtColor(working, cv2.COLOR_RGB2GRAY)
    chosen = spread(detector().detect(grey, None), width, height, most)
    keypoints, found = detector().compute(grey, chosen)
    if found is None:
        keypoints, found = [], np.empty((0, 128), np.float32)
    points = np.array([k.pt for k in keypoints], np.float32).reshape(-1, 2)
    shares = np.clip(points / (width, height), 0, 1)
    return LocalFeatures(
        (np.round(shares * STEPS) / STEPS).astype(np.float32),
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
