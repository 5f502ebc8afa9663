"""The contract of a vector index.

An index holds unit vectors under 64-bit ids and finds the nearest by inner product, which for unit
vectors is the cosine, -1..1. `exact.py` is the reference: every other index gives its answers.

An approximate index may leave out some of the nearest, and nothing else: its scores are exact, in
the reference's order, and the same whatever the order in which the vectors came. It states its
recall, the share of the reference's 200 nearest of 512 dimensions that it finds:

| cosine | at least |
| --- | --- |
| 0.5 or more | 99% |
| 0.3 or more | 95% |

An index is one process's copy of what the database holds. It is not safe to change it while
another thread searches; `live.py` sees to that.
"""

from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from vision.encoders.base import Vectors

type Ids = NDArray[np.int64]


class Hit(NamedTuple):
    id: int
    score: float


class VectorIndex(Protocol):
    def __len__(self) -> int: ...

    def ids(self) -> Ids:
        """All ids, ascending."""
        ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds vectors; one whose id is there already is replaced."""
        ...

    def remove(self, ids: Ids) -> None:
        """Removes vectors; ids that are not there are passed over."""
        ...

    def vectors(self, ids: Ids) -> Vectors:
        """The vectors of ids that are there, in that order."""
        ...

    def search(self, queries: Vectors, *, k: int, at_least: float = -1.0) -> list[list[Hit]]:
        """For each query at most `k` hits scoring `at_least` or more, best first, equal scores
        by ascending id. Fewer than `k` when the index holds fewer; none when it is empty.
        """
        ...

    def save(self, path: Path) -> None: ...

    @classmethod
    def load(cls, path: Path) -> "VectorIndex": ...


def ranked(
    scores: NDArray[np.float32], ids: NDArray[np.int64], *, k: int, at_least: float
) -> list[Hit]:
    """One query's hits in the order that the contract asks for."""
    if len(scores) > k:  # sorting all of some thousand would take longer than finding them
        kept = scores >= np.partition(scores, -k)[-k]
        scores, ids = scores[kept], ids[kept]
    order = np.lexsort((ids, -scores))[:k]
    hits = map(Hit, ids[order].tolist(), scores[order].tolist())
    return [hit for hit in hits if hit.score >= at_least]
