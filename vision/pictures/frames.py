"""Selects frames of a file that holds several pictures.

Frames that look different are selected; of too many, those shown longest. Each frame is first read small;
the selected ones are decoded once more, so that only one is in memory at a time.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.configuration import configuration
from vision.pictures.decode import (
    BROKEN,
    Decoded,
    UnreadableImage,
    as_decoded,
    check_size,
    opened,
)
from vision.pictures.hashes import differing_bits, perceptual_hash
from vision.pictures.srgb import DARK, GROUND_MATTERS, LIGHT, TOLD_APART, on_ground, to_colours

# An MPO yields only its first picture: browsers show no other, and in most files the second is a gain map.
SEVERAL = frozenset({"GIF", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"})
ANIMATED = frozenset({"GIF", "PNG", "WEBP", "AVIF"})


@dataclass(frozen=True)
class FrameSpec:
    """Limits on the frames of a file."""

    max_renditions: int = 8  # half a second each
    max_frames: int = 500
    max_read_seconds: float = 4.0
    max_read: int = 4  # factor on the pixels that one picture may have
    at_once: int = 10  # milliseconds: browsers show a frame that states up to 10 for 100
    shown_then: int = 100
    side: int = 32
    cells: int = 16
    cell_differs: int = 40  # steps of 255; the limits below are of 255 and of a hash's 64 bits
    mean_differs: float = 2.0
    bits_differ: int = 6


SPEC = FrameSpec()


@dataclass(frozen=True)
class Frame:
    """`number` counts from 0; `begins` and `shown` are milliseconds, None where the file's pictures follow
    each other like pages.
    """

    number: int
    begins: int | None = None
    shown: int | None = None


@dataclass(frozen=True)
class Frames:
    """The selected frames in order; the first frame is always among them. `distinct` counts frames that look
    different. `is_cut` says that more follow, which exceed the limits or cannot be read. The selected frames
    are shown for `share` of the total time.
    """

    chosen: tuple[Frame, ...]
    distinct: int = 1
    is_cut: bool = False
    share: float = 1.0

    @property
    def is_complete(self) -> bool:
        return self.distinct == len(self.chosen) and not self.is_cut


FIRST = Frame(0)
STILL = Frames((FIRST,))


@dataclass
class Group:
    """Frames that look the same."""

    first: Frame
    signature: "Signature"
    shown: int


@dataclass(frozen=True)
class Signature:
    """What a frame looks like on a light page and on a dark one."""

    cells: NDArray[np.float32]
    hashes: tuple[int, int]
    is_transparent: bool

    def is_like(self, other: "Signature") -> bool:
        apart = np.abs(self.cells - other.cells)
        if apart.max() > SPEC.cell_differs:
            return False
        bits = max(map(differing_bits, self.hashes, other.hashes))
        return bits <= SPEC.bits_differ or float(apart.mean()) <= SPEC.mean_differs


def frames_in(data: bytes) -> Frames:
    """Raises UnreadableImage if the file is no picture."""
    with opened(data) as image:
        if image.format not in SEVERAL or not has_another(image, 0):
            return STILL
        groups: list[Group] = []
        last = -1
        for frame, signature in signatures(image):
            into(groups, frame, signature)
            last = frame.number
        return choose(groups, is_cut=has_another(image, last))


def has_another(image: Image.Image, last: int) -> bool:
    """Whether another frame follows, even an unreadable one. Frames are not counted: a file of millions of
    tiny ones would take minutes.
    """
    try:
        image.seek(last + 1)
    except EOFError:
        return False
    except BROKEN:
        return last >= 0
    return True


def signatures(image: Image.Image) -> Iterator[tuple[Frame, Signature]]:
    """Yields as many as the limits allow; stops at a frame that cannot be read."""
    end = time.monotonic() + SPEC.max_read_seconds
    pixels, begins = 0, 0
    for number in range(SPEC.max_frames):
        try:
            image.seek(number)
            check_size(image.width, image.height)
            image.load()
            signature = signature_of(image)
        except (*BROKEN, UnreadableImage):
            return
        shown = duration(image)
        paged = image.format not in ANIMATED
        yield Frame(number, None if paged else begins, None if paged else shown), signature
        begins += shown
        pixels += image.width * image.height
        if pixels > SPEC.max_read * configuration().max_image_pixels or time.monotonic() > end:
            return


def duration(image: Image.Image) -> int:
    stated = image.info.get("duration", 0)
    shown = round(stated) if isinstance(stated, int | float) and 0 <= stated < 1e9 else 0  # noqa: PLR2004 - eleven days
    return SPEC.shown_then if shown <= SPEC.at_once else shown


def signature_of(image: Image.Image) -> Signature:
    """Returns 32 x 32 pixels of 8 bits, enough to tell what a viewer tells apart."""
    small = to_colours(image).convert("RGBA").resize((SPEC.side, SPEC.side), Image.Resampling.BOX)
    light, dark = (np.asarray(on_ground(small, ground)) for ground in (LIGHT, DARK))
    apart = (np.abs(light.astype(np.int16) - dark) > TOLD_APART).any(axis=2)
    return Signature(
        np.concatenate([cells(light), cells(dark)]),
        (perceptual_hash(light), perceptual_hash(dark)),
        bool(apart.mean() > GROUND_MATTERS),
    )


def cells(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    step = SPEC.side // SPEC.cells
    blocks = pixels.reshape(SPEC.cells, step, SPEC.cells, step, 3).astype(np.float32)
    return np.asarray(blocks.mean(axis=(1, 3)))


def into(groups: list[Group], frame: Frame, signature: Signature) -> None:
    shown = frame.shown or SPEC.shown_then
    for group in groups:
        if group.signature.is_like(signature):
            group.shown += shown
            return
    groups.append(Group(frame, signature, shown))


def choose(groups: list[Group], *, is_cut: bool) -> Frames:
    if not groups:
        return replace(STILL, is_cut=is_cut)
    transparent = any(group.signature.is_transparent for group in groups)
    most = (
        SPEC.max_renditions // 2 if transparent else SPEC.max_renditions
    )  # each is matched on both grounds
    longest = sorted(groups[1:], key=lambda group: -group.shown)[: most - 1]
    chosen = [groups[0], *longest]
    shown = sum(group.shown for group in chosen) / sum(group.shown for group in groups)
    in_order = sorted((group.first for group in chosen), key=lambda frame: frame.number)
    return Frames(tuple(in_order), distinct=len(groups), is_cut=is_cut, share=shown)


def decode_frames(data: bytes, numbers: list[int]) -> Iterator[Decoded]:
    """Yields these frames. Raises UnreadableImage."""
    with opened(data) as image:
        kind = image.format or ""
        for number in numbers:
            try:
                image.seek(number)
                image.load()
                check_size(image.width, image.height)
                yield as_decoded(image, kind)
            except BROKEN as error:
                raise UnreadableImage(
                    f"The {kind} picture is damaged: {error}.",
                    remedy="Send the whole file again.",
                ) from error


def hash_of_file(data: bytes) -> str:
    """Returns the hash of a file with several frames, equal for equal files."""
    return hashlib.sha256(b"frames " + hashlib.sha256(data).digest()).hexdigest()
