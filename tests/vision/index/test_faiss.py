"""What a GPU takes over. None is here: a copy on the processor stands in for the one on the GPU."""

import faiss
import numpy as np
import pytest

from vision.encoders.base import Vectors
from vision.index.exact import ExactIndex
from vision.index.faiss import MAX_ON_GPU, FaissIndex


def unit_vectors(count: int, dimension: int) -> Vectors:
    made = np.random.default_rng(1).normal(size=(count, dimension))
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of what was copied to the GPU, in order."""
    made: list[int] = []

    def copied(index: faiss.Index) -> faiss.Index:
        made.append(int(index.ntotal))
        return faiss.clone_index(index)

    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 1)
    monkeypatch.setattr(faiss, "index_cpu_to_all_gpus", copied, raising=False)
    return made


def test_a_gpu_gives_the_reference_s_answers(copies: list[int]) -> None:
    index, reference = FaissIndex(16), ExactIndex(16)
    vectors = unit_vectors(300, 16)
    ids = np.arange(1000, 1300, dtype=np.int64)
    for one in (index, reference):
        one.add(ids, vectors)
    found, expected = (one.search(vectors[:5], k=7) for one in (index, reference))
    assert [[hit.id for hit in hits] for hits in found] == [
        [h.id for h in hits] for hits in expected
    ]
    assert copies == [300]


def test_the_copy_is_made_anew_after_a_change_and_not_before(copies: list[int]) -> None:
    index, vectors = FaissIndex(16), unit_vectors(40, 16)
    index.add(np.arange(40, dtype=np.int64), vectors)
    for _ in range(3):
        index.search(vectors[:1], k=1)
    index.remove(np.array([0], np.int64))
    [[hit]] = index.search(vectors[:1], k=1)
    assert hit.id != 0
    assert copies == [40, 39]


def test_more_hits_than_a_gpu_gives_are_found_by_the_processor(copies: list[int]) -> None:
    index, vectors = FaissIndex(8), unit_vectors(MAX_ON_GPU + 100, 8)
    index.add(np.arange(len(vectors), dtype=np.int64), vectors)
    [hits] = index.search(vectors[:1], k=MAX_ON_GPU + 50)
    assert len(hits) == MAX_ON_GPU + 50
    assert copies == []


def test_without_a_gpu_nothing_is_copied(
    copies: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 0)
    index, vectors = FaissIndex(8), unit_vectors(10, 8)
    index.add(np.arange(10, dtype=np.int64), vectors)
    index.search(vectors[:1], k=1)
    assert copies == []
