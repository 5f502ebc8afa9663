"""All that a file shows, one picture after the other: on a light page and on a dark one."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from fingerprints.images.decode import (
    DARK,
    LIGHT,
    TOLD_APART,
    Decoded,
    Picture,
    decode,
    pixel_sha256,
)

GROUNDS = {"light": LIGHT, "dark": DARK}
LITTLE_SHOWN = 0.5  # of what is seen of it on a dark ground


@dataclass(frozen=True)
class Look:
    """`ground` is empty where the picture is not transparent."""

    decoded: Decoded
    ground: str = ""


@dataclass(frozen=True)
class Looks:
    """In the order in which they are numbered; the first is what decode() gives. `pixel_sha256` is equal
    where all of them are, and for a single one its own.
    """

    pixel_sha256: str
    first: Decoded
    count: int

    def __iter__(self) -> Iterator[Look]:
        """One at a time: they may be large."""
        yield from on_grounds(self.first)


def looks_in(data: bytes) -> Looks:
    """Raises UnreadableImage."""
    decoded = decode(data)
    looks = on_grounds(decoded)
    return Looks(together([look.decoded.pixel_sha256 for look in looks]), decoded, len(looks))


def on_grounds(decoded: Decoded) -> list[Look]:
    if decoded.on_dark is None:
        return [Look(decoded)]
    return [Look(decoded, "light"), Look(as_on_dark(decoded, decoded.on_dark), "dark")]


def as_on_dark(decoded: Decoded, pixels: Picture) -> Decoded:
    return replace(decoded, pixels=pixels, pixel_sha256=pixel_sha256(pixels), on_dark=None)


def without_pixels(look: Look) -> Look:
    """What is known of it, once it has been looked at."""
    none = np.zeros((0, 0, 3), np.uint8)
    return replace(look, decoded=replace(look.decoded, pixels=none, on_dark=None))


def together(hashes: list[str]) -> str:
    """One that stands for all, in this order."""
    return hashes[0] if len(hashes) == 1 else hashlib.sha256(" ".join(hashes).encode()).hexdigest()


def look_again(data: bytes, number: int) -> Look:
    """The one of that number. Raises UnreadableImage, IndexError where there is none."""
    return list(looks_in(data))[number]


def decode_view(data: bytes) -> Look:
    """Of a design. Raises UnreadableImage."""
    return as_view(decode(data))


def as_view(decoded: Decoded) -> Look:
    """A view is registered on the ground that shows it: on white, unless that hides most of it."""
    if decoded.on_dark is not None:
        light, dark = shown(decoded.pixels, LIGHT), shown(decoded.on_dark, DARK)
        if light < LITTLE_SHOWN * dark:
            return Look(as_on_dark(decoded, decoded.on_dark), "dark")
        return Look(decoded, "light")
    return Look(decoded)


def shown(pixels: Picture, ground: tuple[int, int, int]) -> float:
    """Share of the pixels that are told from the ground."""
    apart = np.abs(pixels.astype(np.int16) - np.array(ground, np.int16)) > TOLD_APART
    return float(apart.any(axis=2).mean())
