"""Local features: SIFT points with root-normalised descriptors (Arandjelovic and Zisserman, 2012).

A registered view has features of three pictures: the view itself and two simulated tilts, squeezed to 0.5
and 0.71 of its width and height as a steep view shows it (ASIFT, Morel and Yu, 2009). Listings have no
tilts: work done once for a view costs nothing for a listing.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.pictures.picture import Picture
from vision.pictures.resize import enlarge, fit

VERSION = "sift-4"  # raised when features are made or verified differently
# Points of a registered view and of its tilts, with the factors on width and height: at 68 bytes a point a
# view stays under 64 KB.
VIEW_PARTS = ((460, (1.0, 1.0)), (230, (0.5, 0.71)), (230, (0.71, 0.5)))


@dataclass(frozen=True)
class FeatureSpec:
    """How local features are extracted."""

    listing_points: int = 1000
    # Pixels of the longer side at which views and listings are compared: where they differ, smooth pictures
    # lose their few points. Of 319 shop photographs of 348 pixels 303 are found at 480, 301 at 400; edits of
    # 640 pixels are found as well, in half the time.
    side: int = 480
    most_points: int = 4000  # of a listing, for a closer look
    # Faint points count where there are no stronger ones: a blurred object has 5 points with OpenCV's 0.04
    # and with 0.02, and 83 with this, of which half are found again after a crop.
    contrast: float = 0.005
    cells: int = 4  # along each side: each sixteenth of a picture has its share of the points
    steps: int = 65535  # resolution of a stored coordinate
    scale: int = 32  # root-normalised values are at most about 0.5: four bits hold them
    most: int = 15


SPEC = FeatureSpec()

# A descriptor is 4x4 histograms of 8 directions, relative to the point's own direction. Mirroring a picture
# swaps the rows across that direction and reverses the sense of rotation. Inverting it turns the point's
# direction round, so that every histogram moves to the opposite end. One set of features therefore serves
# all four appearances: it contains 89% of the points that SIFT finds on a mirrored picture, and 99.8% on an
# inverted one.
LAYOUT = np.arange(128).reshape(4, 4, 8)
MIRRORED = LAYOUT[::-1][:, :, -np.arange(8) % 8].ravel()
INVERTED = LAYOUT[::-1, ::-1].ravel()
NO_POINTS = np.empty((0, 2), np.float32), np.empty((0, 128), np.uint8)


@dataclass(frozen=True)
class LocalFeatures:
    """Points in normalised coordinates (0..1), which hold at every size.

    `points float32[n, 2]` are x, y; `descriptors uint8[n, 128]` are 0..15; `width` and `height` are the
    pixels of the picture they were found on. `parts` counts the points of the picture and of each simulated
    tilt, in this order; the same place can be among several.
    """

    points: NDArray[np.float32]
    descriptors: NDArray[np.uint8]
    width: int
    height: int
    parts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def units(self) -> NDArray[np.float32]:
        """Returns descriptors of unit length, `float32[n, 128]`. They are cached for pictures compared
        often.
        """
        return unit(self.descriptors)

    def slices(self) -> list[slice]:
        ends = np.cumsum(self.parts).tolist()
        return [slice(end - count, end) for end, count in zip(ends, self.parts, strict=True)]

    def without_tilts(self) -> "LocalFeatures":
        """Returns the features without simulated tilts."""
        count = self.parts[0]
        return replace(
            self,
            points=self.points[:count],
            descriptors=self.descriptors[:count],
            parts=(count,),
        )

    def among(self, chosen: NDArray[np.intp]) -> "LocalFeatures":
        """Returns these points, as those of one picture."""
        return LocalFeatures(
            self.points[chosen], self.descriptors[chosen], self.width, self.height, (len(chosen),)
        )

    def first(self, most: int) -> "LocalFeatures":
        """Returns the first points of one picture."""
        return self.among(np.arange(min(most, len(self))))

    def mirrored(self) -> "LocalFeatures":
        """Returns the features of the picture mirrored left to right."""
        points = np.stack([1 - self.points[:, 0], self.points[:, 1]], axis=1)
        return replace(self, points=points, descriptors=self.descriptors[:, MIRRORED])

    def inverted(self) -> "LocalFeatures":
        """Returns the features of the picture with light and dark exchanged."""
        return replace(self, descriptors=self.descriptors[:, INVERTED])

    def to_bytes(self) -> bytes:
        """Stores NumPy's open format, never a pickle, with two descriptor values a byte."""
        file = io.BytesIO()
        np.savez(
            file,
            points=np.round(self.points * SPEC.steps).astype(np.uint16),
            descriptors=self.descriptors[:, ::2] << 4 | self.descriptors[:, 1::2],
            size=np.array([self.width, self.height], np.uint16),
            parts=np.array(self.parts, np.uint16),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "LocalFeatures":
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            width, height = stored["size"].tolist()
            points = stored["points"].astype(np.float32) / SPEC.steps
            pairs = stored["descriptors"]
            descriptors = np.stack([pairs >> 4, pairs & SPEC.most], axis=2).reshape(-1, 128)
            return cls(points, descriptors, width, height, tuple(stored["parts"].tolist()))


def extract(picture: Picture) -> LocalFeatures:
    """Returns all points of a listing's picture up to SPEC.most_points, those first that count most; none
    for a picture without texture.
    """
    return extract_at(picture, SPEC.side, SPEC.listing_points)


def extract_finely(picture: Picture) -> LocalFeatures:
    """Returns the points of a picture at its own size, which shows smaller goods."""
    return extract_at(picture, max(SPEC.side, *picture.shape[:2]), SPEC.most_points)


def extract_at(picture: Picture, side: int, spread_over: int) -> LocalFeatures:
    """Returns the points at this size; so many come first that are spread over the picture."""
    working = at_side(picture, side)
    height, width = working.shape[:2]
    keypoints, found = detector().detectAndCompute(grey_of(working), None)
    order = spread(keypoints, width, height, spread_over)[: SPEC.most_points]
    if not order:
        return LocalFeatures(*NO_POINTS, width, height, (0,))
    points = places_of([keypoints[place] for place in order], width, height)
    descriptors = root_normalised(np.asarray(found, np.float32)[order])
    return LocalFeatures(points, descriptors, width, height, (len(points),))


def extract_view(picture: Picture) -> LocalFeatures:
    """Returns the points of a registered view and its simulated tilts."""
    working = at_side(picture, SPEC.side)
    parts = [detect_points(squeezed(working, *shares), most) for most, shares in VIEW_PARTS]
    height, width = working.shape[:2]
    return LocalFeatures(
        np.concatenate([points for points, _ in parts]),
        np.concatenate([descriptors for _, descriptors in parts]),
        width,
        height,
        tuple(len(points) for points, _ in parts),
    )


def at_side(picture: Picture, side: int) -> Picture:
    """Returns the picture with this longer side. Official pictures of packages often have 200 pixels."""
    return enlarge(fit(picture, longest=side), longest=side)


def squeezed(picture: Picture, across: float, down: float) -> Picture:
    """Scales width and height by these factors, softened first by what each new pixel spans."""
    if across == down == 1:
        return picture
    # A lens blurs each pixel by 0.8 of its side (Morel and Yu, 2009).
    soft = [0.8 * (share**-2 - 1) ** 0.5 for share in (across, down)]
    blurred = cv2.GaussianBlur(picture, (0, 0), sigmaX=soft[0], sigmaY=soft[1])
    size = [max(1, round(picture.shape[1] * across)), max(1, round(picture.shape[0] * down))]
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def detect_points(picture: Picture, most: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Returns at most `most` points, in normalised coordinates, and their descriptors."""
    height, width = picture.shape[:2]
    grey = grey_of(picture)
    keypoints = detector().detect(grey, None)
    order = spread(keypoints, width, height, most)[:most]
    if not order:
        return NO_POINTS
    chosen, found = detector().compute(grey, [keypoints[place] for place in order])
    return places_of(chosen, width, height), root_normalised(np.asarray(found, np.float32))


def grey_of(picture: Picture) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def places_of(keypoints: Sequence[cv2.KeyPoint], width: int, height: int) -> NDArray[np.float32]:
    """Returns the points in normalised coordinates, `float32[n, 2]`."""
    points = np.array([k.pt for k in keypoints], np.float32).reshape(-1, 2)
    shares = np.clip(points / (width, height), 0, 1)
    return (np.round(shares * SPEC.steps) / SPEC.steps).astype(np.float32)


def spread(keypoints: Sequence[cv2.KeyPoint], width: int, height: int, most: int) -> list[int]:
    """Returns the order in which they count: the strongest of each cell first, an equal share of `most`, so
    that a busy scene does not crowd out a smooth product; then the strongest anywhere.
    """
    if not keypoints:
        return []
    x, y = np.asarray(cv2.KeyPoint.convert(keypoints), np.float32).T
    strength = np.array([k.response for k in keypoints], np.float32)
    angle = np.array([k.angle for k in keypoints], np.float32)
    strongest = np.lexsort((angle, y, x, -strength))
    across, down = (
        np.minimum(SPEC.cells - 1, at / side * SPEC.cells).astype(np.int64)
        for at, side in ((x, width), (y, height))
    )
    of_cell = ranks_within((across + SPEC.cells * down)[strongest]) < most // SPEC.cells**2
    order: list[int] = np.concatenate([strongest[of_cell], strongest[~of_cell]]).tolist()
    return order


def ranks_within(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns how many of the same group come before each, `int64[n]`."""
    order = np.argsort(groups, kind="stable")
    ranks = np.empty(len(groups), np.int64)
    ranks[order] = np.arange(len(groups)) - np.searchsorted(groups[order], groups[order])
    return ranks


def root_normalised(descriptors: NDArray[np.float32]) -> NDArray[np.uint8]:
    sums = np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    values = np.round(np.sqrt(descriptors / sums) * SPEC.scale)
    return np.asarray(np.clip(values, 0, SPEC.most), np.uint8)


def unit(descriptors: NDArray[np.uint8]) -> NDArray[np.float32]:
    values = descriptors.astype(np.float32)
    norms = np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(values / np.maximum(norms, 1e-6), np.float32)


@lru_cache
def detector() -> cv2.SIFT:
    return cv2.SIFT.create(contrastThreshold=SPEC.contrast)
