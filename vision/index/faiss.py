"""A FAISS index: gives the reference's answers while small, and nearly the same when large.

Comparing with every vector takes 45 ms a picture at 60,000 vectors and half a second at 600,000. From
`exact_below` on, a first pass compares signs only: one bit a coordinate, 64 bytes instead of 2 KB. Vectors
in a similar direction agree in sign, so the nearest are among those with the fewest differing signs; these
candidates are then compared exactly. Nothing is trained: adding and removing never degrade it, and the
answers depend on what the index holds, not on its history. Measured in `benchmarks/search.py`;
docs/decisions/0010-approximate-index.md has the alternatives.
"""

from pathlib import Path
from typing import Any, ClassVar, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from vision.encoders.base import Vectors
from vision.index.base import Hit, Ids, ranked

# Equal scores at the cut must be ordered as in the reference. So a few more hits are requested and sorted,
# and still more for as long as the cut lies among equal scores.
MARGIN = 16
MAX_ON_GPU = 2_048  # hits of a query: FAISS's own limit on a GPU
BATCH = 10_000  # vectors whose signs are computed at a time: bounds memory while loading

type Signs = NDArray[np.uint8]
"""One bit a coordinate, set where it is positive: `uint8[n, dimension / 8]`."""


class FaissIndex:
    """A flat inner-product index under our own ids, with sign codes when it is large.

    `_signs` exists exactly when the index holds `exact_below` vectors or more, in the order of `_index`.
    """

    exact_below: ClassVar[int] = 50_000
    # candidates of a query that are compared exactly after the first pass
    candidates: ClassVar[int] = 4_000

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._signs: Any = None
        self._copy: Any = None  # on the GPU; rebuilt after every change

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> Ids:
        return np.sort(faiss.vector_to_array(self._index.id_map))

    def add(self, ids: Ids, vectors: Vectors) -> None:
        self.remove(ids)
        vectors = np.ascontiguousarray(vectors)
        self._index.add_with_ids(vectors, ids)
        if self._signs is not None:
            self._signs.add(signs(vectors))
        self._keep_signs_in_step()

    def remove(self, ids: Ids) -> None:
        if not len(self) or not len(ids):
            return
        if self._signs is not None:
            gone = np.isin(faiss.vector_to_array(self._index.id_map), ids)
            self._signs.remove_ids(np.flatnonzero(gone))
        self._index.remove_ids(np.ascontiguousarray(ids, np.int64))
        self._keep_signs_in_step()

    def _keep_signs_in_step(self) -> None:
        self._copy = None
        if len(self) < self.exact_below:
            self._signs = None
        elif self._signs is None:
            self._signs = faiss.IndexBinaryFlat(self._index.d)
            self._signs.use_heap = False  # counting is faster for so many candidates
            for start in range(0, len(self), BATCH):
                count = min(BATCH, len(self) - start)
                self._signs.add(signs(self._index.index.reconstruct_n(start, count)))

    def vectors(self, ids: Ids) -> Vectors:
        if not len(ids):
            return np.empty((0, self._index.d), np.float32)
        return np.asarray(self._index.reconstruct_batch(ids), np.float32)

    def search(self, queries: Vectors, *, k: int, at_least: float = -1.0) -> list[list[Hit]]:
        if not len(self) or not len(queries) or k < 1:
            return [[] for _ in queries]
        queries = np.ascontiguousarray(queries)
        nearest = self._nearest if self._signs is None else self._nearly_nearest
        return [
            ranked(row, found, k=k, at_least=at_least)
            for row, found in zip(*nearest(queries, k), strict=True)
        ]

    def _nearest(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], Ids]:
        """Returns at least `k` hits of each query, including all that score as the k-th does."""
        wanted = min(k + MARGIN, len(self))
        while True:
            scores, ids = self._compared_with_all(queries, wanted)
            if wanted == len(self) or (scores[:, -1] < scores[:, k - 1]).all():
                return scores, ids
            wanted = min(4 * wanted, len(self))

    def _compared_with_all(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], Ids]:
        """Compares with all vectors, on a GPU where possible; its scores differ in the last bits."""
        if k > MAX_ON_GPU or not has_gpu():
            scores, ids = self._index.search(queries, k)
            return scores, ids
        if self._copy is None:
            self._copy = faiss.index_cpu_to_all_gpus(faiss.downcast_index(self._index.index))
        scores, places = self._copy.search(queries, k)
        return scores, faiss.vector_to_array(self._index.id_map)[places]

    def _nearly_nearest(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], Ids]:
        """Returns at least `k` hits of each query with exact scores; -inf where there is none."""
        places = self._candidates(signs(queries), k)
        scores = np.full(places.shape, -np.inf, np.float32)
        flat: Any = faiss.downcast_index(self._index.index)
        flat.compute_distance_subset(
            len(queries),
            faiss.swig_ptr(queries),
            places.shape[1],
            faiss.swig_ptr(scores),
            faiss.swig_ptr(places),
        )
        ids = faiss.rev_swig_ptr(self._index.id_map.data(), len(self))
        return scores, ids[places]

    def _candidates(self, asked: Signs, k: int) -> NDArray[np.int64]:
        """Returns positions in `_index` of the vectors with the fewest differing signs; -1 for none."""
        wanted = min(max(self.candidates, k), len(self))
        while True:
            differing, places = self._signs.search(asked, wanted)
            if wanted == len(self):
                return np.asarray(places, np.int64)
            # Some that differ as much as the last may be missing, depending on the order of adding; so all
            # with this difference are left out.
            sure = differing < differing[:, -1:]
            if (sure.sum(axis=1) >= k).all():
                return np.where(sure, places, -1)
            wanted = min(4 * wanted, len(self))

    def save(self, path: Path) -> None:
        """Saves without the signs, which are computed again from the vectors."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises RuntimeError when the file is incomplete."""
        stored = faiss.read_index(str(path))
        index = cls(stored.d)
        index._index = stored
        index._keep_signs_in_step()
        return index


def has_gpu() -> bool:
    """Whether this process can use a GPU. faiss-cpu and faiss-gpu share their names, so the count decides."""
    return hasattr(faiss, "index_cpu_to_all_gpus") and faiss.get_num_gpus() > 0


def signs(vectors: Vectors) -> Signs:
    return np.packbits(vectors > 0, axis=1)
