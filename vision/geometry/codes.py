"""Binary codes of local features, by which an index finds the views that share details with a picture.

Each descriptor becomes 256 bits; each bit says which of two of its values is larger. A registered view has
codes of its strongest points and of those of its simulated tilts, each with its place on the view. Codes of
a listing's points vote for the views with the nearest codes (`vision/channels/copy/votes.py`).
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision.geometry.features import LocalFeatures

BITS = 256
BYTES = BITS // 8
WORDS = Path(__file__).with_name("code_words.npy")


@dataclass(frozen=True)
class CodeSpec:
    """Which local features become codes: 36 bytes each in the database.

    Measured with 4,300 views: the right package is among the first four of 160 shop photographs in 88% with
    codes of the view alone, in 93% with 60 of each tilt and in 94% with 100.
    """

    of_the_view: int = 200  # its strongest points
    of_a_tilt: int = 100
    of_a_listing: int = 500  # all 1,000 points vote worse: faint points are near to anything
    steps: int = 1023  # resolution of a place, along each side


SPEC = CodeSpec()

type Bits = NDArray[np.uint8]
"""`uint8[n, BYTES]`."""

type Places = NDArray[np.uint16]
"""`uint16[n, 2]`: x and y of a point on its picture, 0..SPEC.steps."""


@dataclass(frozen=True)
class Codes:
    bits: Bits
    places: Places

    def __len__(self) -> int:
        return len(self.bits)

    def to_bytes(self) -> bytes:
        places = self.places.astype("<u2").view(np.uint8).reshape(len(self), 4)
        return np.concatenate([self.bits, places], axis=1).tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes | memoryview) -> Self:
        rows = np.frombuffer(stored, np.uint8).reshape(-1, BYTES + 4)
        places = np.ascontiguousarray(rows[:, BYTES:]).view("<u2").astype(np.uint16)
        return cls(np.ascontiguousarray(rows[:, :BYTES]), places)


# Each of the 128 values is compared twice, with values ever farther away in the descriptor.
FIRST = np.arange(BITS) % 128
SECOND = (FIRST + 1 + np.arange(BITS) * 29 % 127) % 128


def view_codes(features: LocalFeatures) -> Codes:
    """Returns the codes of the view and of its simulated tilts."""
    chosen = np.concatenate(
        [
            np.arange(part.start, min(part.stop, part.start + most))
            for part, most in zip(features.slices(), limits(len(features.parts)), strict=True)
        ]
    )
    places = np.round(features.points[chosen] * SPEC.steps).astype(np.uint16)
    return Codes(bits_of(features.descriptors[chosen]), places)


def limits(parts: int) -> list[int]:
    return [SPEC.of_the_view, *[SPEC.of_a_tilt] * (parts - 1)]


def bits_of(descriptors: NDArray[np.uint8]) -> Bits:
    """Returns the bits of descriptors `uint8[n, 128]`."""
    return np.packbits(descriptors[:, FIRST] > descriptors[:, SECOND], axis=1)


@lru_cache
def code_words() -> Bits:
    """Returns the centres around which codes are filed. `benchmarks/code_words.py` makes them."""
    return np.asarray(np.load(WORDS, allow_pickle=False), np.uint8)
