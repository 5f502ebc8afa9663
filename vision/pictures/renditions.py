"""All renditions of a file: every selected frame, on a light page and on a dark one, and if the picture is
long, each of its parts beside the whole.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vision.pictures.decode import Decoded, decode
from vision.pictures.frames import (
    FIRST,
    STILL,
    Frame,
    Frames,
    decode_frames,
    frames_in,
    hash_of_file,
)
from vision.pictures.parts import SPEC, Area, Part, cut_area, is_long, parts_of
from vision.pictures.picture import Picture, pixel_sha256
from vision.pictures.srgb import DARK, LIGHT, TOLD_APART

LITTLE_SHOWN = 0.5  # share of the visible part on a dark ground


@dataclass(frozen=True)
class Rendition:
    """`ground` is empty for an opaque picture; `frame` is the first one for a still picture; `part` is None
    for the whole picture.
    """

    decoded: Decoded
    ground: str = ""
    frame: Frame = FIRST
    part: Part | None = None


@dataclass(frozen=True)
class Renditions:
    """All renditions, in the order of their numbers; the first is what decode() gives. `pixel_sha256` is
    equal where all of them are. A single rendition has its own hash; a file with several frames has the
    file's; a long picture has one that changes with the way in which it is cut.
    """

    data: bytes
    first: Decoded
    frames: Frames

    @cached_property
    def pixel_sha256(self) -> str:
        if len(self.frames.chosen) > 1:
            return hash_of_file(self.data)
        whole = together([one.decoded.pixel_sha256 for one in on_grounds(self.first)])
        height, width = self.first.pixels.shape[:2]
        return hash_of_parts(whole) if is_long(width, height) else whole

    def __iter__(self) -> Iterator[Rendition]:
        """Yields one at a time, because they may be large."""
        first, *others = self.frames.chosen
        yield from self.of_frame(self.first, first)
        decoded = decode_frames(self.data, [frame.number for frame in others])
        for frame, made in zip(others, decoded, strict=True):
            yield from self.of_frame(made, frame)

    def of_frame(self, decoded: Decoded, frame: Frame) -> Iterator[Rendition]:
        """Yields the frame on each ground, first whole and then in parts. All frames and grounds share the
        parts that one file may have.
        """
        shown = on_grounds(decoded, frame)
        most = SPEC.max_parts // (len(self.frames.chosen) * len(shown))
        for whole in shown:
            yield whole
            for part in parts_of(whole.decoded.pixels, most):
                yield in_part(whole, part)


def renditions_in(data: bytes) -> Renditions:
    """Raises UnreadableImage."""
    decoded = decode(data)
    frames = STILL if decoded.is_damaged else frames_in(data)
    return Renditions(data, decoded, frames)


def on_grounds(decoded: Decoded, frame: Frame = FIRST) -> list[Rendition]:
    if decoded.on_dark is None:
        return [Rendition(decoded, "", frame)]
    dark = as_on_dark(decoded, decoded.on_dark)
    return [Rendition(decoded, "light", frame), Rendition(dark, "dark", frame)]


def in_part(whole: Rendition, part: Part) -> Rendition:
    return replace(whole, decoded=only_area(whole.decoded, part.area), part=part)


def only_area(decoded: Decoded, area: Area) -> Decoded:
    pixels = cut_area(decoded.pixels, area)
    return replace(decoded, pixels=pixels, pixel_sha256=pixel_sha256(pixels), on_dark=None)


def as_on_dark(decoded: Decoded, pixels: Picture) -> Decoded:
    return replace(decoded, pixels=pixels, pixel_sha256=pixel_sha256(pixels), on_dark=None)


def without_pixels(rendition: Rendition) -> Rendition:
    """Returns the rendition's facts without its pixels, once it has been matched."""
    none = np.zeros((0, 0, 3), np.uint8)
    return replace(rendition, decoded=replace(rendition.decoded, pixels=none, on_dark=None))


def together(hashes: list[str]) -> str:
    """Returns one hash for all of them, in this order."""
    return hashes[0] if len(hashes) == 1 else hashlib.sha256(" ".join(hashes).encode()).hexdigest()


def hash_of_parts(whole: str) -> str:
    return hashlib.sha256(f"parts {SPEC.version} {whole}".encode()).hexdigest()


def rendition_again(
    data: bytes, *, frame: int = 0, ground: str = "", area: Area | None = None
) -> Decoded:
    """Decodes one rendition of the file once more. Raises UnreadableImage."""
    [decoded] = decode_frames(data, [frame]) if frame else [decode(data)]
    if ground == "dark" and decoded.on_dark is not None:
        decoded = as_on_dark(decoded, decoded.on_dark)
    return only_area(decoded, area) if area else decoded


def decode_view(data: bytes) -> Rendition:
    """Decodes a design's picture. Raises UnreadableImage."""
    return as_view(decode(data))


def as_view(decoded: Decoded) -> Rendition:
    """Returns the view on the ground that shows it: on white, unless white hides most of it."""
    if decoded.on_dark is not None:
        light, dark = shown(decoded.pixels, LIGHT), shown(decoded.on_dark, DARK)
        if light < LITTLE_SHOWN * dark:
            return Rendition(as_on_dark(decoded, decoded.on_dark), "dark")
        return Rendition(decoded, "light")
    return Rendition(decoded)


def shown(pixels: Picture, ground: tuple[int, int, int]) -> float:
    """Returns the share of pixels that differ visibly from the ground."""
    apart = np.abs(pixels.astype(np.int16) - np.array(ground, np.int16)) > TOLD_APART
    return float(apart.any(axis=2).mean())
