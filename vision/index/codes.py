"""An index of local-feature codes: inverted lists around fixed centres.

Each code is filed under its nearest centre; a search looks through the lists of the nearest few centres.
The centres are a file of the product and are never trained, so adding and removing never degrade the index,
and its answers depend on what it holds and not on its history.

A code's key holds its fingerprint's id and its place on the view, so nothing else need be looked up to see
whether the votes for a view agree on where it lies.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from vision.geometry.codes import BITS, Bits, Codes, code_words
from vision.index.base import Ids

PROBED = 8  # lists that are looked through: 4 find as much in 4,300 views, 32 no more
SIDE = 10  # bits of a key for each coordinate of a place
FURTHEST = BITS  # differing bits where nothing was found


class CodeHits(NamedTuple):
    """The codes nearest to each of `n` codes, nearest first.

    Attributes:
        differing: `int32[n, k]`, bits; FURTHEST where there is none.
        ids: `int64[n, k]`, fingerprints; -1 where there is none.
        places: `float32[n, k, 2]`, where on the view, 0..1.
        firsts: `bool[n, k]`, whether the hit is the nearest of its brand; all are while brands are unknown.
    """

    differing: NDArray[np.int32]
    ids: Ids
    places: NDArray[np.float32]
    firsts: NDArray[np.bool_]


class CodeIndex:
    def __init__(self) -> None:
        words = code_words()
        self._words = faiss.IndexBinaryFlat(BITS)
        self._words.add(words)
        self._index: Any = faiss.IndexBinaryIVF(self._words, BITS, len(words))
        self._index.nprobe = PROBED

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Sequence[int], codes: Sequence[Codes]) -> None:
        keys = [keys_of(number, one) for number, one in zip(ids, codes, strict=True)]
        if any(len(found) for found in keys):
            bits = np.concatenate([one.bits for one in codes])
            self._index.add_with_ids(bits, np.concatenate(keys))

    def remove(self, ids: Ids) -> None:
        if not len(self) or not len(ids):
            return
        keys = self._keys()
        gone = keys[np.isin(keys >> 2 * SIDE, ids)]
        if len(gone):
            self._index.remove_ids(gone)

    def _keys(self) -> Ids:
        lists = self._index.invlists
        return np.concatenate(
            [
                faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).copy()
                for number in range(lists.nlist)
                if lists.list_size(number)
            ]
        )

    def search(self, bits: Bits, k: int) -> CodeHits:
        differing, keys = self._index.search(np.ascontiguousarray(bits), k)
        none = keys < 0
        places = np.stack([keys >> SIDE, keys], axis=2) & (1 << SIDE) - 1
        return CodeHits(
            np.where(none, FURTHEST, differing).astype(np.int32),
            np.where(none, -1, keys >> 2 * SIDE),
            (places / ((1 << SIDE) - 1)).astype(np.float32),
            ~none,
        )

    def save(self, path: Path) -> None:
        faiss.write_index_binary(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises RuntimeError when the file is incomplete."""
        index = cls()
        index._index = faiss.read_index_binary(str(path))
        index._index.nprobe = PROBED
        return index


def keys_of(number: int, codes: Codes) -> Ids:
    places = codes.places.astype(np.int64)
    return np.asarray((number << 2 * SIDE) | (places[:, 0] << SIDE) | places[:, 1], np.int64)


def without_hits(count: int, k: int) -> CodeHits:
    return CodeHits(
        np.full((count, k), FURTHEST, np.int32),
        np.full((count, k), -1, np.int64),
        np.zeros((count, k, 2), np.float32),
        np.zeros((count, k), np.bool_),
    )


def chosen(hits: CodeHits, kept: NDArray[np.bool_], most: int) -> CodeHits:
    """Returns the first `most` hits of each row that are kept, `bool[n, k]`, without gaps between them."""
    order = np.argsort(~kept, axis=1, kind="stable")[:, :most]
    there = np.take_along_axis(kept, order, axis=1)
    return CodeHits(
        np.where(there, np.take_along_axis(hits.differing, order, axis=1), FURTHEST),
        np.where(there, np.take_along_axis(hits.ids, order, axis=1), -1),
        np.take_along_axis(hits.places, order[..., None], axis=1),
        there & np.take_along_axis(hits.firsts, order, axis=1),
    )


def of_rows(hits: CodeHits, rows: NDArray[np.int64]) -> CodeHits:
    return CodeHits(hits.differing[rows], hits.ids[rows], hits.places[rows], hits.firsts[rows])


def replace(hits: CodeHits, rows: NDArray[np.intp], by: CodeHits) -> None:
    """Replaces these rows; both have the same number of columns."""
    hits.differing[rows], hits.ids[rows] = by.differing, by.ids
    hits.places[rows], hits.firsts[rows] = by.places, by.firsts
