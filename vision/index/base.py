"""The contract of a vector index.

An index holds unit vectors under 64-bit ids and finds the nearest by inner product, which for unit vectors
is the cosine, -1..1. `exact.py` is the reference: every other index gives its answers.

An approximate index may miss some of the nearest and nothing else: its scores are exact, in the reference's
order, and do not depend on the order in which vectors were added. It states its recall, the share that it
finds of the reference's 200 nearest in 512 dimensions:

| cosine | at least |
| --- | --- |
| 0.5 or more | 99% |
| 0.3 or more | 95% |

An index is one process's copy of what the database holds. Changing it while another thread searches is not
safe; `live.py` prevents that.
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
        """Returns all ids, ascending."""
        ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds vectors; replaces those whose id is already there."""
        ...

    def remove(self, ids: Ids) -> None:
        """Removes vectors; ignores unknown ids."""
        ...

    def vectors(self, ids: Ids) -> Vectors:
        """Returns the vectors of known ids, in that order."""
        ...

    def search(self, queries: Vectors, *, k: int, at_least: float = -1.0) -> list[list[Hit]]:
        """Returns at most `k` hits for each query that score `at_least` or more, best first, equal scores by
        ascending id. Returns fewer when the index holds fewer, and none when it is empty.
        """
        ...

    def save(self, path: Path) -> None: ...

    @classmethod
    def load(cls, path: Path) -> "VectorIndex": ...


def ranked(
    scores: NDArray[np.float32], ids: NDArray[np.int64], *, k: int, at_least: float
) -> list[Hit]:
    """Returns one query's hits in the order of the contract."""
    if len(scores) > k:  # sorting thousands of scores would take longer than the search
        kept = scores >= np.partition(scores, -k)[-k]
        scores, ids = scores[kept], ids[kept]
    order = np.lexsort((ids, -scores))[:k]
    hits = map(Hit, ids[order].tolist(), scores[order].tolist())
    return [hit for hit in hits if hit.score >= at_least]
