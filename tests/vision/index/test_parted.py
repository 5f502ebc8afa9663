"""Verified claimants are searched for apart, and a brand has its share of the hits."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import numpy as np
import pytest

from vision.encoders.base import Vectors
from vision.index.base import Ids
from vision.index.faiss import FaissIndex
from vision.index.parted import Entries, Part, PartedIndex

MINE, THEIRS = uuid4(), uuid4()


def at(cosine: float) -> list[float]:
    """A vector of that cosine with QUERY."""
    return [cosine, (1 - cosine**2) ** 0.5]


QUERY = np.array([at(1.0)], np.float32)


def put(
    into: PartedIndex, first: int, cosines: Sequence[float], brand: UUID, *, verified: bool = True
) -> None:
    count = len(cosines)
    entries = Entries(
        np.arange(first, first + count, dtype=np.int64),
        np.array([at(cosine) for cosine in cosines], np.float32),
        [0] * count,
        [brand] * count,
    )
    into.add(entries, np.full(count, verified))


def ids_found(index: PartedIndex, **asked: int) -> list[int]:
    [hits] = index.search(QUERY, **asked)
    return [hit.id for hit in hits]


def test_others_take_no_place_from_verified_claimants() -> None:
    index = PartedIndex.empty(2)
    put(index, 100, [0.99] * 50, THEIRS, verified=False)
    put(index, 1, [0.5, 0.6], MINE)
    assert ids_found(index, k=2) == [100, 101, 2, 1]
    assert index.near(0, within=0, most=2) == [1, 2, 100, 101]


def test_a_brand_has_its_share_and_others_are_found_for_the_rest() -> None:
    index = PartedIndex.empty(2)
    put(index, 100, [0.99] * 500, THEIRS)
    put(index, 1, [0.5, 0.6, 0.4], MINE)
    assert ids_found(index, k=4, of_a_brand=2) == [100, 101, 2, 1]
    assert index.near(0, within=0, most=4, of_a_brand=2) == [1, 2, 100, 101]


def test_a_second_brand_of_look_alikes_takes_no_place_either() -> None:
    index = PartedIndex.empty(2)
    put(index, 100, [0.99] * 50, THEIRS)
    put(index, 200, [0.98] * 50, uuid4())
    put(index, 1, [0.5], MINE)
    assert ids_found(index, k=8, of_a_brand=2) == [100, 101, 200, 201, 1]


class Counting(FaissIndex):
    compared = 0

    def vectors(self, ids: Ids) -> Vectors:
        self.compared += len(ids)
        return super().vectors(ids)


@pytest.mark.parametrize(
    ("theirs", "others", "compared", "why"),
    [
        (200, 0, 0, "there is no other brand to find"),
        (200, 3, 3, "nothing but the others'"),
        (3, 200, 0, "one of each brand is among the nearest"),
    ],
)
def test_more_is_compared_only_where_a_brand_fills_the_places(
    theirs: int, others: int, compared: int, why: str
) -> None:
    index = PartedIndex(Part(Counting(2)), Part(FaissIndex(2)))
    put(index, 1000, [0.99] * theirs, THEIRS)
    put(index, 1, [0.5] * others, MINE)
    ids_found(index, k=4, of_a_brand=2)
    assert index.verified.index.compared == compared, why  # type: ignore[attr-defined]


def test_what_is_added_again_is_in_one_part() -> None:
    index = PartedIndex.empty(2)
    put(index, 1, [0.5], MINE, verified=False)
    put(index, 1, [0.5], MINE, verified=True)
    assert ids_found(index, k=2) == [1]
    assert [len(part.index) for part in index.parts] == [1, 0]
    index.remove([1, 2])
    assert (len(index), index.hashes()) == (0, {})
