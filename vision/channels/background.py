"""The background score of a view: how near ordinary pictures come to it by chance.

Two objects on plain ground are nearer to each other than two photographs are, and so are two round logos.
Similarity therefore counts only the part of a cosine above what ordinary pictures, which show nothing
registered, reach with the same view. These pictures are the normalisation cohort. They belong to the
calibration, so a view's score does not depend on what else is registered.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.channels.calibration import check_background
from vision.encoders.base import EncoderSpec, Vectors

NEAREST = 10  # pictures whose mean cosine is the background score
SCALE = 127  # the byte that stores the largest coordinate


@dataclass(frozen=True)
class Background:
    """`vectors float32[pictures, regions, dimension]`."""

    vectors: Vectors

    def score(self, vector: Vectors, negative: Vectors) -> float:
        """Returns the background score, 0..1, of a view with these two vectors; 0 without pictures."""
        if not len(self.vectors):
            return 0.0
        likeness = self.vectors @ np.stack([vector, negative]).T
        return max(0.0, mean_of_nearest(likeness.max(axis=(1, 2))))

    def save(self, path: Path) -> None:
        """Stores one byte a coordinate in NumPy's open format."""
        vectors, step = in_bytes(self.vectors)
        with path.open("wb") as file:
            np.savez(file, vectors=vectors, step=step)

    @classmethod
    def load(cls, path: Path) -> "Background":
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["vectors"].astype(np.float32) * np.float32(stored["step"]))


def mean_of_nearest(cosines: Vectors) -> float:
    """Returns the mean of the NEAREST greatest of `float32[n]`."""
    return float(np.sort(cosines)[-NEAREST:].mean())


def in_bytes(vectors: Vectors) -> tuple[NDArray[np.int8], float]:
    """Returns the vectors in steps of a byte, and the step."""
    step = float(np.abs(vectors).max(initial=0)) / SCALE or 1.0
    return np.round(vectors / step).astype(np.int8), step


NO_BACKGROUND = Background(np.empty((0, 1, 1), np.float32))


@lru_cache
def load_background(spec: EncoderSpec) -> Background:
    """Returns the background of the encoder's calibration. Raises NotCalibrated."""
    return Background.load(check_background(spec))
