"""The reference index compares with every vector, in plain NumPy."""

from pathlib import Path

import numpy as np

from vision.encoders.base import Vectors
from vision.index.base import Hit, Ids, ranked


class ExactIndex:
    def __init__(self, dimension: int) -> None:
        self._ids: Ids = np.empty(0, np.int64)
        self._vectors: Vectors = np.empty((0, dimension), np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self) -> Ids:
        return self._ids.copy()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        self.remove(ids)
        merged = np.concatenate([self._ids, ids])
        order = np.argsort(merged)
        self._ids = merged[order]
        self._vectors = np.concatenate([self._vectors, vectors])[order]

    def remove(self, ids: Ids) -> None:
        keep = ~np.isin(self._ids, ids)
        self._ids, self._vectors = self._ids[keep], self._vectors[keep]

    def vectors(self, ids: Ids) -> Vectors:
        return self._vectors[np.searchsorted(self._ids, ids)]

    def search(self, queries: Vectors, *, k: int, at_least: float = -1.0) -> list[list[Hit]]:
        # Row by row, not as one matrix product, which rounds equal vectors differently by position.
        scores = [(self._vectors * query).sum(axis=1) for query in queries]
        return [ranked(row, self._ids, k=k, at_least=at_least) for row in scores]

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez(file, ids=self._ids, vectors=self._vectors)

    @classmethod
    def load(cls, path: Path) -> "ExactIndex":
        with np.load(path, allow_pickle=False) as stored:
            index = cls(stored["vectors"].shape[1])
            index._ids, index._vectors = stored["ids"], stored["vectors"]
            return index
