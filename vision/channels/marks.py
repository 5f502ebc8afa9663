"""The mark lane: a one-colour mark somewhere in a scene, small, tilted, in any colour.

Windows at several scales nominate marks by an encoder of our own; the shape of each is then laid over
the ink that its window shows. The encoder only says where to look: what is taken for a mark follows
from how well its shape lies there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vision.encoders.base import Encoder, Vectors
from vision.geometry.marks import CONVINCING, Lying, Shape, Window, lay, places, window_of
from vision.geometry.regions import Region
from vision.pictures.decode import Picture

SCALES = (0.28, 0.4, 0.57, 0.8, 1.0)  # of a window's side, in the picture's shorter side
STEPS = 3  # windows that each place falls into, along each side
GROWN = 1.1  # a window that is looked at twice is that much larger than the one that was embedded
LOOKED_AT = 4  # windows of each mark, no two of them nearly the same
GLANCED_AT = 2  # of these, before it is known which marks are looked at
COSINE_COUNTS = 2.0  # of a cosine against a correlation of shape and ink
AS_NEAR = 0.03  # cosine by which a mark and its mirror image may differ and both be tried
MOVED_BY, RESIZED_BY = 0.2, 1.3


@dataclass(frozen=True)
class Marked:
    """`cosine` of the mark lane's encoder, where it was (`region`), and how the shape lies there."""

    cosine: float
    region: Region
    lying: Lying
    mirrored: bool


@dataclass(frozen=True)
class Nearby:
    """A window that a registered mark, or its mirror image, is near to."""

    region: Region
    cosine: float
    mirrored: bool


def windows(picture: Picture, side: int) -> Iterator[tuple[Region, Picture]]:
    """Squares of `side` pixels, at every scale and overlapping; each scale shrinks the picture once."""
    height, width = picture.shape[:2]
    for scale in SCALES:
        wanted = scale * min(height, width)
        grown = side / wanted
        size = (max(side, round(width * grown)), max(side, round(height * grown)))
        method = cv2.INTER_AREA if grown < 1 else cv2.INTER_LINEAR
        sized = np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)
        for top in starts(size[1], side):
            for left in starts(size[0], side):
                region = Region(left / size[0], top / size[1], side / size[0], side / size[1])
                yield region, np.ascontiguousarray(sized[top : top + side, left : left + side])


def starts(length: int, side: int) -> list[int]:
    count = 1 + -(-(length - side) * STEPS // side)
    return np.linspace(0, length - side, count).round().astype(int).tolist()


class Looking:
    """At one picture, for any number of marks: each of its windows is prepared once."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self._windows: dict[Region, Window] = {}

    def promise(self, shape: Shape, nearby: Sequence[Nearby]) -> float:
        """How likely the mark is there, before its shape is moved: which marks deserve that."""
        first = nearby[0]
        form = shape.mirrored() if first.mirrored else shape
        chosen = apart([near for near in nearby if near.mirrored == first.mirrored])[:GLANCED_AT]
        scores = [
            place.score for near in chosen for place in places(form, self._window(near.region))
        ]
        return max(scores, default=0.0) + COSINE_COUNTS * first.cosine

    def at(self, shape: Shape, nearby: Sequence[Nearby]) -> Marked | None:
        """The best that the mark, or its mirror image, lies in the windows nearest to it: of the two
        the one that is nearer, and the other where that is as near and convinces more.
        """
        best: Marked | None = None
        for mirrored in sorted((False, True), key=lambda way: -nearest_of(nearby, way)):
            if nearest_of(nearby, mirrored) < nearby[0].cosine - AS_NEAR:
                continue
            chosen = apart([window for window in nearby if window.mirrored == mirrored])
            form = shape.mirrored() if mirrored else shape
            lying = lay(form, [self._window(window.region) for window in chosen])
            if lying and (best is None or lying.outline > best.lying.outline):
                best = Marked(chosen[0].cosine, chosen[0].region, lying, mirrored)
            if best and best.lying.outline >= CONVINCING:
                break
        return best

    def _window(self, region: Region) -> Window:
        if region not in self._windows:
            height, width = self.picture.shape[:2]
            side = region.width * width * GROWN
            left = (region.left + region.width / 2) * width - side / 2
            top = (region.top + region.height / 2) * height - side / 2
            self._windows[region] = window_of(self.picture, left, top, side)
        return self._windows[region]


def nearest_of(nearby: Sequence[Nearby], mirrored: bool) -> float:  # noqa: FBT001 - which of two
    return max((window.cosine for window in nearby if window.mirrored == mirrored), default=-1.0)


def apart(nearby: Sequence[Nearby]) -> list[Nearby]:
    """The nearest windows that do not show nearly the same."""
    chosen: list[Nearby] = []
    for window in nearby:
        if all(differ(window.region, other.region) for other in chosen):
            chosen.append(window)
        if len(chosen) == LOOKED_AT:
            break
    return chosen


def differ(a: Region, b: Region) -> bool:
    return (
        abs(a.left - b.left) > MOVED_BY * a.width
        or abs(a.top - b.top) > MOVED_BY * a.height
        or max(a.width / b.width, b.width / a.width) > RESIZED_BY
    )


def embed_windows(picture: Picture, encoder: Encoder) -> tuple[list[Region], Vectors]:
    found = list(windows(picture, encoder.spec.input_side))
    return [region for region, _ in found], encoder.embed([cut for _, cut in found])
