"""Two indexes in one: for verified claimants and for others.

Anybody may register anything, any number of times. So what others register is searched separately and takes
no place from verified claimants. Of the hits of one search each brand has at most its share, however many
look-alikes it registered.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vision.encoders.base import Vectors
from vision.index.base import Hit, Ids, VectorIndex, ranked
from vision.index.faiss import FaissIndex
from vision.index.hashes import HashTable

ROUNDS = 3  # searches for further brands, each without those that filled the places before
BATCH = 20_000  # vectors at a time, which bounds memory


class Part:
    """Vectors and perceptual hashes under ids, with the brand of each."""

    def __init__(self, index: VectorIndex) -> None:
        self.index = index
        self.hashes = HashTable()
        self.brands: dict[int, UUID] = {}
        self._of_brand: Counter[UUID] = Counter()

    def add(
        self, ids: Ids, vectors: Vectors, hashes: Sequence[int], brands: Sequence[UUID]
    ) -> None:
        """Adds vectors; replaces those whose id is already there."""
        self.index.add(ids, vectors)
        self.note(ids.tolist(), hashes, brands)

    def note(self, ids: Sequence[int], hashes: Sequence[int], brands: Sequence[UUID]) -> None:
        """Records hash and brand of vectors that are already in the index."""
        for number, hashed, brand in zip(ids, hashes, brands, strict=True):
            self._forget(number)
            self.hashes.add(number, hashed)
            self.brands[number] = brand
            self._of_brand[brand] += 1

    def remove(self, ids: Iterable[int]) -> None:
        known = [number for number in ids if number in self.brands]
        if not known:
            return
        self.index.remove(np.array(known, np.int64))
        for number in known:
            self._forget(number)
            self.hashes.remove(number)

    def _forget(self, number: int) -> None:
        if brand := self.brands.pop(number, None):
            self._of_brand[brand] -= 1
            if not self._of_brand[brand]:
                del self._of_brand[brand]

    def search(
        self, queries: Vectors, *, k: int, at_least: float, of_a_brand: int
    ) -> list[list[Hit]]:
        """Returns at most `k` hits a query, best first, and at most `of_a_brand` of one brand. Where a brand
        fills so many that half the places or more stay empty, the nearest of all others take them.
        """
        hits = self.index.search(queries, k=k, at_least=at_least)
        found = [list(self._shared(row, of_a_brand)) for row in hits]
        cut = [place for place, row in enumerate(hits) if len(row) == k]
        full: set[UUID] = set()
        for _ in range(ROUNDS):
            left = [place for place in cut if self._crowded(found[place], k)]
            known = len(full)
            for place in left:
                taken = Counter(self.brands[hit.id] for hit in found[place])
                full |= {brand for brand, count in taken.items() if count >= of_a_brand}
            if not left or len(full) == known:
                break
            rest = np.array([n for n, brand in self.brands.items() if brand not in full], np.int64)
            nearest = self._nearest_of(rest, queries[left], k, at_least)
            for place, more in zip(left, nearest, strict=True):
                kept = [hit for hit in found[place] if self.brands[hit.id] in full]
                found[place] = list(self._shared(best_first([*kept, *more]), of_a_brand))[:k]
        return found

    def _nearest_of(self, ids: Ids, queries: Vectors, k: int, at_least: float) -> list[list[Hit]]:
        """Compares with each of these ids, a batch at a time."""
        parts = [
            queries @ self.index.vectors(ids[start : start + BATCH]).T
            for start in range(0, len(ids), BATCH)
        ]
        scores = np.concatenate([np.empty((len(queries), 0), np.float32), *parts], axis=1)
        return [ranked(row, ids, k=k, at_least=at_least) for row in scores]

    def _shared(self, hits: Iterable[Hit], of_a_brand: int) -> Iterator[Hit]:
        taken: Counter[UUID] = Counter()
        for hit in hits:
            brand = self.brands[hit.id]
            taken[brand] += 1
            if taken[brand] <= of_a_brand:
                yield hit

    def _crowded(self, kept: Sequence[Hit], k: int) -> bool:
        """Whether too few places are filled, unless every brand has one."""
        return 2 * len(kept) <= k and len({self.brands[hit.id] for hit in kept}) < len(
            self._of_brand
        )

    def near(self, perceptual_hash: int, *, within: int, most: int, of_a_brand: int) -> list[int]:
        hits = [Hit(number, 0.0) for number in self.hashes.near(perceptual_hash, within=within)]
        return [hit.id for hit in self._shared(hits, of_a_brand)][:most]


class PartedIndex:
    def __init__(self, verified: VectorIndex, others: VectorIndex) -> None:
        self.verified, self.others = Part(verified), Part(others)

    @classmethod
    def empty(cls, dimension: int) -> "PartedIndex":
        return cls(FaissIndex(dimension), FaissIndex(dimension))

    @property
    def parts(self) -> tuple[Part, Part]:
        return self.verified, self.others

    def __len__(self) -> int:
        return sum(len(part.index) for part in self.parts)

    def ids(self) -> Ids:
        """Returns all ids, ascending."""
        return np.sort(np.concatenate([part.index.ids() for part in self.parts]))

    def vector(self, number: int) -> Vectors:
        part = self.verified if number in self.verified.brands else self.others
        return np.asarray(part.index.vectors(np.array([number], np.int64))[0], np.float32)

    def hashes(self) -> dict[int, int]:
        return {
            number: hashed
            for part in self.parts
            for number, hashed in zip(*(side.tolist() for side in part.hashes.items()), strict=True)
        }

    def add(
        self,
        ids: Ids,
        vectors: Vectors,
        hashes: Sequence[int],
        brands: Sequence[UUID],
        verified: NDArray[np.bool_],
    ) -> None:
        """Adds vectors; replaces those whose id is already there, in either part."""
        for part, other, theirs in (
            (self.verified, self.others, np.flatnonzero(verified)),
            (self.others, self.verified, np.flatnonzero(~verified)),
        ):
            if not len(theirs):
                continue
            other.remove(ids[theirs].tolist())
            chosen = theirs.tolist()
            part.add(
                ids[theirs],
                vectors[theirs],
                [hashes[place] for place in chosen],
                [brands[place] for place in chosen],
            )

    def remove(self, ids: Sequence[int]) -> None:
        for part in self.parts:
            part.remove(ids)

    def search(
        self, queries: Vectors, *, k: int, at_least: float = -1.0, of_a_brand: int | None = None
    ) -> list[list[Hit]]:
        """Returns for each query at most `k` hits of verified claimants and as many of others, best first,
        with at most `of_a_brand` of one brand.
        """
        found = [
            part.search(queries, k=k, at_least=at_least, of_a_brand=of_a_brand or k)
            for part in self.parts
        ]
        return [best_first([*ours, *theirs]) for ours, theirs in zip(*found, strict=True)]

    def near(
        self, perceptual_hash: int, *, within: int, most: int, of_a_brand: int | None = None
    ) -> list[int]:
        """Returns ids whose hash differs in at most `within` of 64 bits, nearest first: at most `most` of
        verified claimants and as many of others.
        """
        return [
            number
            for part in self.parts
            for number in part.near(
                perceptual_hash, within=within, most=most, of_a_brand=of_a_brand or most
            )
        ]


def best_first(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))
