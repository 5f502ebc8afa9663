"""FAISS in process: the reference's answers while a catalogue is small, nearly those when it is not.

Comparing with every vector takes 45 ms a picture at 60,000 vectors and half a second at 600,000.
From `exact_below` on, a first look compares signs alone: one bit a coordinate, 64 bytes of 2 KB.
Vectors that point the same way agree in sign, so the nearest are among those with the fewest signs
that differ; these candidates are then compared exactly. Nothing is trained, so adding and removing
never make it worse, and the answers depend on what the index holds, not on how it came to. Measured
in `benchmarks/search.py`; docs/decisions/0010-approximate-index.md has the alternatives.
"""

from pathlib import Path
from typing import Any, ClassVar, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from vision.encoders.base import Vectors
from vision.index.base import Hit, Ids, ranked

# Equal scores at the cut must fall as in the reference, so a few more are asked for and sorted;
# and more again for as long as the cut lies among equals.
MARGIN = 16
MAX_ON_GPU = 2_048  # hits of a query: FAISS's own limit there
BATCH = 10_000  # vectors whose signs are taken at a time: bounds memory while loading

type Signs = NDArray[np.uint8]
"""One bit a coordinate, set where it is positive: `uint8[n, dimension / 8]`."""


class FaissIndex:
    """A flat inner-product index under ids of our own, with the signs beside it when it is large.

    `_signs` is there just when the index holds `exact_below` vectors or more, and has them in the
    order of `_index`.
    """

    exact_below: ClassVar[int] = 50_000
    candidates: ClassVar[int] = 4_000  # a query: those compared exactly after the first look

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._signs: Any = None
        self._copy: Any = None  # on the GPU; made anew after every change

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
        """At least `k` of each query, and with them all that score as the k-th does."""
        wanted = min(k + MARGIN, len(self))
        while True:
            scores, ids = self._compared_with_all(queries, wanted)
            if wanted == len(self) or (scores[:, -1] < scores[:, k - 1]).all():
                return scores, ids
            wanted = min(4 * wanted, len(self))

    def _compared_with_all(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], Ids]:
        """By a GPU where there is one that can; its scores differ in the last bits."""
        if k > MAX_ON_GPU or not has_gpu():
            scores, ids = self._index.search(queries, k)
            return scores, ids
        if self._copy is None:
            self._copy = faiss.index_cpu_to_all_gpus(faiss.downcast_index(self._index.index))
        scores, places = self._copy.search(queries, k)
        return scores, faiss.vector_to_array(self._index.id_map)[places]

    def _nearly_nearest(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], Ids]:
        """At least `k` of each query, with exact scores; -inf where there is nothing."""
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
        """Places in `_index` of those with the fewest differing signs; -1 for none."""
        wanted = min(max(self.candidates, k), len(self))
        while True:
            differing, places = self._signs.search(asked, wanted)
            if wanted == len(self):
                return np.asarray(places, np.int64)
            # Of those that differ as the last does, others may be missing: which ones depends on
            # the order of adding, so all of them are left out.
            sure = differing < differing[:, -1:]
            if (sure.sum(axis=1) >= k).all():
                return np.where(sure, places, -1)
            wanted = min(4 * wanted, len(self))

    def save(self, path: Path) -> None:
        """Without the signs, which are taken from the vectors again."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises RuntimeError when the file is not a whole index."""
        stored = faiss.read_index(str(path))
        index = cls(stored.d)
        index._index = stored
        index._keep_signs_in_step()
        return index


def has_gpu() -> bool:
    """faiss-cpu and faiss-gpu have the same names; only the count tells what this process can use."""
    return hasattr(faiss, "index_cpu_to_all_gpus") and faiss.get_num_gpus() > 0


def signs(vectors: Vectors) -> Signs:
    return np.packbits(vectors > 0, axis=1)
