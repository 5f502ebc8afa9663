"""Every index gives the answers of the reference, `ExactIndex`, which is held to them too."""

from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from vision.encoders.base import Vectors
from vision.index.base import Hit, Ids, VectorIndex
from vision.index.exact import ExactIndex
from vision.index.faiss import MARGIN, FaissIndex

DIMENSION = 48
CLOSE = 1e-5  # two libraries sum in another order


class AlwaysApproximate(FaissIndex):
    """With candidates enough to give the reference's answers in what is small."""

    exact_below = 0


class FewCandidates(FaissIndex):
    """As hard pressed by 12,000 vectors as the real one is by 600,000."""

    exact_below = 0
    candidates = 80


class Switching(FaissIndex):
    exact_below = 6


type Kind = type[ExactIndex | FaissIndex]
type Answers = list[list[Hit]]

KINDS: list[Kind] = [ExactIndex, FaissIndex, AlwaysApproximate]


def ids(*numbers: int) -> Ids:
    return np.array(numbers, np.int64)


def unit(count: int, seed: int = 0, dimension: int = DIMENSION) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def with_cosine(*cosines: float) -> Vectors:
    """Vectors whose inner product with `along(0)` is exactly this, where a float can hold it."""
    rows = np.zeros((len(cosines), DIMENSION), np.float32)
    rows[:, 0] = cosines
    rows[:, 1] = np.sqrt(1 - np.square(cosines))
    return rows


def along(axis: int) -> Vectors:
    return np.eye(DIMENSION, dtype=np.float32)[[axis]]


def assert_same(found: Answers, expected: Answers) -> None:
    assert [[hit.id for hit in row] for row in found] == [
        [hit.id for hit in row] for row in expected
    ]
    for row, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose([h.score for h in row], [h.score for h in wanted], atol=CLOSE)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param  # type: ignore[no-any-return] # one of KINDS


@pytest.fixture
def index(kind: Kind) -> VectorIndex:
    return kind(DIMENSION)


@pytest.mark.parametrize("queries", [1, 10, 40])
@pytest.mark.parametrize("size", [1, 37, 500])
def test_the_nearest_are_those_of_plain_arithmetic(
    index: VectorIndex, size: int, queries: int
) -> None:
    vectors, asked = unit(size, 1), unit(queries, 2)
    numbers = np.random.default_rng(3).permutation(10 * size)[:size].astype(np.int64)
    index.add(numbers, vectors)
    for query, hits in zip(asked, index.search(asked, k=12), strict=True):
        scores = vectors.astype(np.float64) @ query.astype(np.float64)
        best = np.argsort(-scores)[:12]
        assert [hit.id for hit in hits] == numbers[best].tolist()
        np.testing.assert_allclose([hit.score for hit in hits], scores[best], atol=CLOSE)


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert index.search(unit(3), k=5) == [[], [], []]
    assert len(index) == 0
    assert index.ids().tolist() == []


def test_no_queries_have_no_answers(index: VectorIndex) -> None:
    index.add(ids(1), unit(1))
    assert index.search(unit(0), k=5) == []


def test_asking_for_none_gives_none(index: VectorIndex) -> None:
    index.add(ids(1, 2), unit(2))
    assert index.search(unit(2), k=0) == [[], []]


def test_an_index_of_one_finds_that_one(index: VectorIndex) -> None:
    index.add(ids(9), along(0))
    assert index.search(along(0), k=5) == [[Hit(9, 1.0)]]


def test_fewer_come_back_when_the_index_holds_fewer(index: VectorIndex) -> None:
    index.add(ids(1, 2, 3), unit(3))
    assert len(index.search(unit(1, 5), k=50)[0]) == 3


@pytest.mark.parametrize(("at_least", "found"), [(0.5, [1, 2]), (0.5001, [1]), (-1.0, [1, 2, 3])])
def test_the_threshold_is_included(index: VectorIndex, at_least: float, found: list[int]) -> None:
    index.add(ids(1, 2, 3), with_cosine(0.75, 0.5, -0.25))
    [hits] = index.search(along(0), k=5, at_least=at_least)
    assert [hit.id for hit in hits] == found


@pytest.mark.parametrize("copies", [5, MARGIN + 30, 300])
def test_equal_vectors_come_by_ascending_id_even_at_the_cut(
    index: VectorIndex, copies: int
) -> None:
    numbers = np.random.default_rng(0).permutation(copies).astype(np.int64)
    index.add(numbers, np.repeat(unit(1, 7), copies, axis=0))
    [hits] = index.search(unit(1, 8), k=4)
    assert [hit.id for hit in hits] == [0, 1, 2, 3]
    assert len({hit.score for hit in hits}) == 1


def test_a_closer_one_comes_before_equals_at_the_cut(index: VectorIndex) -> None:
    index.add(np.arange(1, 101, dtype=np.int64), np.repeat(with_cosine(0.5), 100, axis=0))
    index.add(ids(500), with_cosine(0.75))
    [hits] = index.search(along(0), k=3)
    assert [hit.id for hit in hits] == [500, 1, 2]


def test_adding_an_id_again_replaces_its_vector(index: VectorIndex) -> None:
    index.add(ids(1, 2), with_cosine(0.5, 0.25))
    index.add(ids(1), with_cosine(-0.5))
    assert len(index) == 2
    assert [hit.id for hit in index.search(along(0), k=5)[0]] == [2, 1]


def test_what_was_removed_is_not_found(index: VectorIndex) -> None:
    index.add(ids(1, 2, 3), with_cosine(0.75, 0.5, 0.25))
    index.remove(ids(1, 3))
    assert index.ids().tolist() == [2]
    assert [hit.id for hit in index.search(along(0), k=5)[0]] == [2]


def test_removing_what_is_not_there_changes_nothing(index: VectorIndex) -> None:
    index.add(ids(1), unit(1))
    index.remove(ids(2, 3))
    index.remove(ids())
    assert index.ids().tolist() == [1]


def test_removing_the_last_one_leaves_an_index_that_still_works(index: VectorIndex) -> None:
    index.add(ids(1), unit(1))
    index.remove(ids(1))
    assert index.search(unit(1), k=3) == [[]]
    index.add(ids(2), along(0))
    assert index.search(along(0), k=3) == [[Hit(2, 1.0)]]


def test_vectors_come_back_in_the_order_asked_for(index: VectorIndex) -> None:
    vectors = unit(4)
    index.add(ids(40, 10, 30, 20), vectors)
    np.testing.assert_array_equal(index.vectors(ids(20, 40)), vectors[[3, 0]])
    assert index.vectors(ids()).shape == (0, DIMENSION)


def test_ids_may_have_64_bits(index: VectorIndex) -> None:
    index.add(ids(2**62, 3), unit(2))
    assert index.ids().tolist() == [3, 2**62]


def test_a_saved_index_loads_as_it_was_and_goes_on(
    kind: Kind, index: VectorIndex, tmp_path: Path
) -> None:
    index.add(ids(5, 3, 8), unit(3))
    index.save(tmp_path / "index")
    loaded = kind.load(tmp_path / "index")
    assert loaded.search(unit(2, 4), k=5) == index.search(unit(2, 4), k=5)
    loaded.remove(ids(3))
    loaded.add(ids(1, 5), unit(2, 9))
    assert loaded.ids().tolist() == [1, 5, 8]


def test_an_empty_index_is_saved_and_loaded(kind: Kind, index: VectorIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    loaded = kind.load(tmp_path / "index")
    assert len(loaded) == 0
    loaded.add(ids(1), along(0))
    assert loaded.search(along(0), k=1) == [[Hit(1, 1.0)]]


NUMBERS = st.integers(1, 12)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(NUMBERS, unique=True, max_size=6)),
        st.tuples(st.just("remove"), st.lists(NUMBERS, max_size=6)),
    ),
    max_size=12,
)


@pytest.mark.parametrize("kind", [FaissIndex, Switching])
@hypothesis.settings(max_examples=80, deadline=None)
@hypothesis.given(steps=STEPS, k=st.integers(1, 15), at_least=st.sampled_from([-1.0, 0.0, 0.3]))
def test_after_any_changes_faiss_answers_as_the_reference(
    kind: type[FaissIndex], steps: list[tuple[str, list[int]]], k: int, at_least: float
) -> None:
    """Vectors are drawn from a few, so that equal ones under several ids are common."""
    exact, fast = ExactIndex(DIMENSION), kind(DIMENSION)
    few, dice = unit(4, 1), np.random.default_rng(0)
    for what, numbers in steps:
        vectors = few[dice.integers(0, len(few), len(numbers))]
        for index in (exact, fast):
            if what == "add":
                index.add(ids(*numbers), vectors)
            else:
                index.remove(ids(*numbers))
    assert fast.ids().tolist() == exact.ids().tolist()
    asked = unit(3, 2)
    expected = exact.search(asked, k=k, at_least=at_least)
    assert_same(fast.search(asked, k=k, at_least=at_least), expected)


# --- what only an approximate index could get wrong ---------------------------------------------
def around(queries: Vectors, cosines: Vectors, seed: int) -> Vectors:
    """For each query a vector at each of the cosines: `float32[queries * cosines, dimension]`."""
    away = np.random.default_rng(seed).normal(size=(len(queries), len(cosines), queries.shape[1]))
    away -= (away * queries[:, None]).sum(axis=2, keepdims=True) * queries[:, None]
    away /= np.linalg.norm(away, axis=2, keepdims=True)
    near = cosines[:, None] * queries[:, None] + np.sqrt(1 - cosines[:, None] ** 2) * away
    return np.asarray(near.reshape(-1, queries.shape[1]), np.float32)


@pytest.mark.parametrize(("cosine", "recall"), [(0.5, 0.99), (0.3, 0.95)])
def test_an_approximate_index_has_the_recall_that_the_contract_states(
    cosine: float, recall: float
) -> None:
    """Chance neighbours; `benchmarks/search.py` measures those of real pictures, who are closer."""
    asked = unit(50, 1, dimension=512)
    near = around(asked, np.linspace(0.3, 0.9, 13, dtype=np.float32), 2)
    vectors = np.concatenate([unit(12_000, 3, dimension=512), near])
    exact, fast = FaissIndex(512), FewCandidates(512)
    for index in (exact, fast):
        index.add(np.arange(len(vectors), dtype=np.int64), vectors)
    expected = exact.search(asked, k=13, at_least=cosine)
    found = fast.search(asked, k=13, at_least=cosine)
    kept = [len(set(row) & set(wanted)) for row, wanted in zip(found, expected, strict=True)]
    assert sum(kept) >= recall * sum(len(wanted) for wanted in expected)


def test_an_approximate_index_answers_the_same_however_it_was_filled() -> None:
    vectors, asked = unit(400, 1), unit(5, 2)
    one, other = FewCandidates(DIMENSION), FewCandidates(DIMENSION)
    one.add(np.arange(400, dtype=np.int64), vectors)
    shuffled = np.random.default_rng(3).permutation(400).astype(np.int64)
    other.add(shuffled, vectors[shuffled[::-1]])  # all of them wrong, and then put right
    for part in np.split(shuffled, 8):
        other.add(part, vectors[part])
    assert one.search(asked, k=10) == other.search(asked, k=10)


def test_more_equal_vectors_than_candidates_come_by_ascending_id() -> None:
    index = FewCandidates(DIMENSION)
    copies = 3 * FewCandidates.candidates
    index.add(np.arange(copies, dtype=np.int64)[::-1], np.repeat(unit(1, 7), copies, axis=0))
    index.add(ids(9_000), -unit(1, 7))
    [hits] = index.search(unit(1, 8), k=4)
    assert [hit.id for hit in hits] == [0, 1, 2, 3]


def test_scores_of_an_approximate_index_are_exact() -> None:
    index, vectors, asked = FewCandidates(DIMENSION), unit(400, 1), unit(3, 2)
    index.add(np.arange(400, dtype=np.int64), vectors)
    for query, hits in zip(asked, index.search(asked, k=10), strict=True):
        cosines = [float(vectors[hit.id] @ query) for hit in hits]
        np.testing.assert_allclose([hit.score for hit in hits], cosines, atol=CLOSE)
        assert len(hits) == 10
