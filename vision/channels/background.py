"""Ordinary pictures that show nothing registered: how near they come to a view by chance.

An object on a plain ground is nearer to any other such object than two photographs are to each
other, and one round logo to another. A cosine therefore counts from what ordinary pictures reach
with the same view: its background score. The pictures are the normalisation cohort; they belong to
the calibration, so a view's score does not depend on what else is registered.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from vision.channels.calibration import check_background
from vision.encoders.base import EncoderSpec, Vectors

NEAREST = 10  # pictures whose mean is the background score
SCALE = 127  # of what a byte holds, for the largest coordinate


@dataclass(frozen=True)
class Background:
    """`vectors float32[pictures, regions, dimension]`."""

    vectors: Vectors

    def score(self, vector: Vectors, negative: Vectors) -> float:
        """Of a view by the vectors of it and of its negative: 0..1, 0 without any picture."""
        if not len(self.vectors):
            return 0.0
        likeness = self.vectors @ np.stack([vector, negative]).T
        nearest = np.sort(likeness.max(axis=(1, 2)))[-NEAREST:]
        return max(0.0, float(nearest.mean()))

    def save(self, path: Path) -> None:
        """A byte a coordinate, in NumPy's own open format."""
        step = float(np.abs(self.vectors).max(initial=0)) / SCALE or 1.0
        with path.open("wb") as file:
            np.savez(file, vectors=np.round(self.vectors / step).astype(np.int8), step=step)

    @classmethod
    def load(cls, path: Path) -> "Background":
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["vectors"].astype(np.float32) * np.float32(stored["step"]))


NO_BACKGROUND = Background(np.empty((0, 1, 1), np.float32))


@lru_cache
def load_background(spec: EncoderSpec) -> Background:
    """That of the encoder's calibration. Raises NotCalibrated."""
    return Background.load(check_background(spec))
