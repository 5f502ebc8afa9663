"""Ordinary pictures that show nothing registered: how near they come to a view by chance.

An object on a plain ground is nearer to any other such object than two photographs are to each
other, and one round mark to another. A cosine therefore counts from what ordinary pictures reach
with the same view. The pictures belong to the calibration, so a view's floor does not depend on
what else is registered.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vision.encoders.base import Vectors

NEAREST = 10  # pictures whose mean is the floor
SCALE = 127  # of what a byte holds, for the largest coordinate


@dataclass(frozen=True)
class Background:
    """`vectors float32[pictures, regions, dimension]`."""

    vectors: Vectors

    def floor(self, vector: Vectors, negative: Vectors) -> float:
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
