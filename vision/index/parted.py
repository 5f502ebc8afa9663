"""Two indexes in one, of vectors and of local-feature codes: for verified claimants and for others.

Anybody may register anything, any number of times. So what others register is searched separately and takes
no place from verified claimants. Of the hits of one search each brand has at most its share, however many
look-alikes it registered.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vision.encoders.base import Vectors
from vision.geometry.codes import Bits, Codes
from vision.geometry.features import ranks_within
from vision.index.base import Hit, Ids, VectorIndex, ranked
from vision.index.codes import CodeHits, CodeIndex, chosen, replace, without_hits
from vision.index.faiss import FaissIndex
from vision.index.hashes import HashTable

ROUNDS = 3  # searches for further brands, each without those that filled the places before
BATCH = 20_000  # vectors at a time, which bounds memory
CODES = 64  # nearest codes of a listing's code
MORE = 8  # factor on these where one brand fills half of them
MOST_CODES = 4_096


@dataclass(frozen=True)
class Entries:
    """What an index holds of `n` fingerprints. `codes` has those of each, or is empty."""

    ids: Ids
    vectors: Vectors
    hashes: Sequence[int]
    brands: Sequence[UUID]
    codes: Sequence[Codes] = ()

    def of(self, rows: NDArray[np.intp]) -> "Entries":
        places = rows.tolist()
        return Entries(
            self.ids[rows],
            self.vectors[rows],
            [self.hashes[place] for place in places],
            [self.brands[place] for place in places],
            [self.codes[place] for place in places] if len(self.codes) else (),
        )


class Part:
    """Vectors, local-feature codes and perceptual hashes under ids, with the brand of each."""

    def __init__(self, index: VectorIndex, codes: CodeIndex | None = None) -> None:
        self.index = index
        self.codes = codes or CodeIndex()
        self.hashes = HashTable()
        self.brands: dict[int, UUID] = {}
        self._of_brand: Counter[UUID] = Counter()

    def add(self, entries: Entries) -> None:
        """Replaces entries whose id is already there."""
        ids = entries.ids.tolist()
        self.index.add(entries.ids, entries.vectors)
        if any(map(len, entries.codes)):
            self.codes.remove(self._known(ids))
            self.codes.add(ids, entries.codes)
        self.note(ids, entries.hashes, entries.brands)

    def _known(self, ids: Iterable[int]) -> Ids:
        return np.array([number for number in ids if number in self.brands], np.int64)

    def note(self, ids: Sequence[int], hashes: Sequence[int], brands: Sequence[UUID]) -> None:
        """Records hash and brand of vectors that are already in the index."""
        for number, hashed, brand in zip(ids, hashes, brands, strict=True):
            self._forget(number)
            self.hashes.add(number, hashed)
            self.brands[number] = brand
            self._of_brand[brand] += 1

    def remove(self, ids: Iterable[int]) -> None:
        known = self._known(ids)
        if not len(known):
            return
        self.index.remove(known)
        self.codes.remove(known)
        for number in known.tolist():
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

    def search_codes(self, bits: Bits, *, of_a_brand: int) -> CodeHits:
        """Returns the nearest codes of each, at most `of_a_brand` of one brand. Where one brand fills so many
        places that half of them or more stay empty, more codes are looked at.
        """
        if not len(self.codes):
            return without_hits(len(bits), 0)
        k = CODES
        found, crowded = self._capped(self.codes.search(bits, k), of_a_brand)
        while k < MOST_CODES and len(crowded):
            k *= MORE
            again, still = self._capped(self.codes.search(bits[crowded], k), of_a_brand)
            replace(found, crowded, again)
            crowded = crowded[still]
        return found

    def _capped(self, hits: CodeHits, of_a_brand: int) -> tuple[CodeHits, Ids]:
        """Returns the first CODES hits of each row that keep to the share of their brand, and the rows in
        which one brand or more left at least half of these places empty though there may be further codes.
        """
        rank, there = self._ranks(hits.ids), hits.ids >= 0
        kept = there & (rank < of_a_brand)
        firsts = there & (rank == 0)
        all_brands = firsts.sum(axis=1) == len(self._of_brand)
        crowded = there.all(axis=1) & ~all_brands & (2 * kept.sum(axis=1) <= CODES)
        return chosen(hits._replace(firsts=firsts), kept, CODES), np.flatnonzero(crowded)

    def _ranks(self, ids: Ids) -> NDArray[np.int64]:
        """Returns how many ids before each in its row are of the same brand; `ids` is `int64[n, k]`."""
        known, place = np.unique(ids, return_inverse=True)
        numbers: dict[UUID | None, int] = {}
        of_known = [
            numbers.setdefault(self.brands.get(number), len(numbers)) for number in known.tolist()
        ]
        rows = len(numbers) * np.arange(len(ids))[:, None]
        group = (np.array(of_known)[place].reshape(ids.shape) + rows).ravel()
        return ranks_within(group).reshape(ids.shape)

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
    def __init__(self, verified: Part, others: Part) -> None:
        self.verified, self.others = verified, others

    @classmethod
    def empty(cls, dimension: int) -> "PartedIndex":
        return cls(Part(FaissIndex(dimension)), Part(FaissIndex(dimension)))

    def search_codes(self, bits: Bits, *, of_a_brand: int) -> tuple[CodeHits, CodeHits]:
        """Returns the nearest codes of verified claimants and, apart, of others: see Part."""
        verified, others = (part.search_codes(bits, of_a_brand=of_a_brand) for part in self.parts)
        return verified, others

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

    def add(self, entries: Entries, verified: NDArray[np.bool_]) -> None:
        """Adds entries, `verified[n]` to the part of verified claimants; replaces those whose id is already
        there, in either part.
        """
        for part, other, rows in (
            (self.verified, self.others, np.flatnonzero(verified)),
            (self.others, self.verified, np.flatnonzero(~verified)),
        ):
            if len(rows):
                other.remove(entries.ids[rows].tolist())
                part.add(entries.of(rows))

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
