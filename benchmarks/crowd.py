"""Makes vectors for a catalogue of any size from a few real ones.

Random vectors say little about recall: in 512 dimensions no two of them have a cosine above 0.25, while
vectors of pictures are crowded. So each of these lies between two real ones, at a cosine of 0.3 to 0.8 from
the first and towards the second.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vision.encoders.base import Vectors

BATCH = 10_000
NEAREST, FARTHEST = 0.8, 0.3


def crowd(real: Vectors, count: int, *, seed: int = 1) -> Iterator[Vectors]:
    """Yields `count` unit vectors in batches, the same for the same seed."""
    dice = np.random.default_rng(seed)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        first = real[dice.integers(len(real), size=size)]
        second = real[dice.integers(len(real), size=size)] + 1e-3 * dice.normal(size=first.shape)
        cosine = dice.uniform(FARTHEST, NEAREST, (size, 1))
        away = unit(second - (first * second).sum(axis=1, keepdims=True) * first)
        yield unit(cosine * first + np.sqrt(1 - cosine**2) * away)


def unit(rows: NDArray[np.floating]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
