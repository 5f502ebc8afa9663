"""Windows of a picture at several scales, and alignments of a logo in the windows nearest to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from vision.channels.logo import spec
from vision.channels.logo.alignment import Alignment, Placement, align, placements
from vision.channels.logo.ink import Window, window_of
from vision.channels.logo.shapes import Shape
from vision.encoders.base import Encoder, Vectors
from vision.geometry.regions import Region
from vision.pictures.picture import Picture


@dataclass(frozen=True)
class WindowsSpec:
    """Which windows are embedded, and which are aligned with a logo."""

    # Shares of the picture's shorter side. Windows of 0.28 cost five times as much as all others together,
    # and what they show by chance drives the right logo from the candidates (benchmarks/ledger.md).
    scales: tuple[float, ...] = (0.4, 0.57, 0.8, 1.0)
    steps: int = 2  # windows that cover each place, along each side
    grown: float = 1.1  # an aligned window is larger than the embedded one by this factor
    looked_at: int = 2  # windows for each logo, no two of them nearly the same
    cosine_counts: float = 1.0  # weight of a cosine against a correlation of edges
    as_near: float = (
        0.03  # cosine by which a logo and its mirror image may differ and both are tried
    )
    moved_by: float = 0.2  # share of a window's side: windows closer than this are nearly the same
    resized_by: float = 1.3


SPEC = WindowsSpec()


@dataclass(frozen=True)
class LogoMatch:
    """`cosine` is by the logo encoder, in `region`; the alignment says how the shape lies there. `background`
    is the evidence that ordinary pictures reach with the logo.
    """

    cosine: float
    region: Region
    alignment: Alignment
    mirrored: bool
    background: float = 0.0


@dataclass(frozen=True)
class Nearby:
    """A window that is near to a registered logo or its mirror image."""

    region: Region
    cosine: float
    mirrored: bool


@dataclass(frozen=True)
class Candidate:
    """A logo after the first look: its windows, nearest first, and where its shape could lie in the first
    ones.
    """

    nearby: Sequence[Nearby]
    places: Sequence[Placement]

    @property
    def mirrored(self) -> bool:
        return self.nearby[0].mirrored

    @property
    def promise(self) -> float:
        """Estimates how likely the logo is there, before its shape is moved. Only the best are aligned."""
        best = max((place.score for place in self.places), default=0.0)
        return best + SPEC.cosine_counts * self.nearby[0].cosine


class LogoPicture:
    """A listing's picture for any number of logos: embedded once, each window prepared once."""

    def __init__(self, picture: Picture, encoder: Encoder) -> None:
        self.picture = picture
        self._encoder = encoder
        self._windows: dict[Region, Window] = {}

    @cached_property
    def embedded(self) -> tuple[list[Region], Vectors]:
        found = list(windows(self.picture, self._encoder.spec.input_side))
        return [region for region, _ in found], self._encoder.embed([cut for _, cut in found])

    def candidate(self, shape: Shape, nearby: Sequence[Nearby]) -> Candidate:
        mirrored = nearby[0].mirrored
        chosen = apart([near for near in nearby if near.mirrored == mirrored])
        return Candidate(nearby, self.places(shape, chosen, mirrored=mirrored))

    def places(self, shape: Shape, chosen: Sequence[Nearby], *, mirrored: bool) -> list[Placement]:
        form = shape.mirrored if mirrored else shape
        return [place for near in chosen for place in placements(form, self._window(near.region))]

    def match(self, shape: Shape, candidate: Candidate) -> LogoMatch | None:
        """Returns the best alignment of the logo in its nearest windows. The nearer of logo and mirror image
        is tried, and the other one too where it is about as near; the more convincing one wins.
        """
        nearby = candidate.nearby
        best = self.aligned(shape, nearby, candidate.places, mirrored=candidate.mirrored)
        if best and best.alignment.outline >= spec.SPEC.convincing:
            return best
        other = not candidate.mirrored
        if nearest_of(nearby, other) < nearby[0].cosine - SPEC.as_near:
            return best
        chosen = apart([near for near in nearby if near.mirrored == other])
        places = self.places(shape, chosen, mirrored=other)
        found = self.aligned(shape, nearby, places, mirrored=other)
        if best and found and best.alignment.outline >= found.alignment.outline:
            return best
        return found or best

    def aligned(
        self, shape: Shape, nearby: Sequence[Nearby], places: Sequence[Placement], *, mirrored: bool
    ) -> LogoMatch | None:
        alignment = align(shape.mirrored if mirrored else shape, places)
        if alignment is None:
            return None
        nearest = next(near for near in nearby if near.mirrored == mirrored)
        return LogoMatch(nearest.cosine, nearest.region, alignment, mirrored, shape.background)

    def _window(self, region: Region) -> Window:
        if region not in self._windows:
            self._windows[region] = window_of(self.picture, *square_around(region, self.picture))
        return self._windows[region]


def square_around(region: Region, picture: Picture) -> tuple[float, float, float]:
    """Returns left, top and side, in pixels, of the window that is aligned for an embedded one."""
    height, width = picture.shape[:2]
    side = region.width * width * SPEC.grown
    left = (region.left + region.width / 2) * width - side / 2
    top = (region.top + region.height / 2) * height - side / 2
    return left, top, side


def windows(picture: Picture, side: int) -> Iterator[tuple[Region, Picture]]:
    """Yields squares of `side` pixels, overlapping, at every scale; the picture is shrunk once for each
    scale.
    """
    height, width = picture.shape[:2]
    for scale in SPEC.scales:
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
    count = 1 + -(-(length - side) * SPEC.steps // side)
    return np.linspace(0, length - side, count).round().astype(int).tolist()


def nearest_of(nearby: Sequence[Nearby], mirrored: bool) -> float:  # noqa: FBT001 - which of two
    return max((window.cosine for window in nearby if window.mirrored == mirrored), default=-1.0)


def apart(nearby: Sequence[Nearby]) -> list[Nearby]:
    """Returns the nearest windows, without those that show nearly the same."""
    chosen: list[Nearby] = []
    for window in nearby:
        if all(differ(window.region, other.region) for other in chosen):
            chosen.append(window)
        if len(chosen) == SPEC.looked_at:
            break
    return chosen


def differ(a: Region, b: Region) -> bool:
    return (
        abs(a.left - b.left) > SPEC.moved_by * a.width
        or abs(a.top - b.top) > SPEC.moved_by * a.height
        or max(a.width / b.width, b.width / a.width) > SPEC.resized_by
    )
