"""The index of local-feature codes: what it finds, where on the view, and after which changes."""

from pathlib import Path

import numpy as np
import pytest

from vision.geometry.codes import BYTES, SPEC, Bits, Codes
from vision.index.codes import FURTHEST, CodeIndex


def codes(count: int, seed: int) -> Codes:
    dice = np.random.default_rng(seed)
    bits = dice.integers(0, 256, (count, BYTES), np.uint8)
    return Codes(bits, dice.integers(0, SPEC.steps + 1, (count, 2)).astype(np.uint16))


def nearly(bits: Bits, differing: int) -> Bits:
    changed = bits.copy()
    changed[:, :differing] ^= 1
    return changed


MINE, THEIRS = codes(200, 1), codes(200, 2)


@pytest.fixture
def index() -> CodeIndex:
    made = CodeIndex()
    made.add([7, 9], [MINE, THEIRS])
    return made


def test_the_nearest_code_names_its_fingerprint_and_its_place(index: CodeIndex) -> None:
    hits = index.search(nearly(MINE.bits, 5), 3)
    found = hits.differing[:, 0] == 5
    assert found.mean() > 0.8
    assert (hits.ids[found, 0] == 7).all()
    assert np.abs(hits.places[found, 0] * SPEC.steps - MINE.places[found]).max() < 1


def test_hits_are_ordered_and_gaps_are_marked(index: CodeIndex) -> None:
    hits = index.search(MINE.bits, 64)
    assert (np.diff(hits.differing, axis=1) >= 0).all()
    assert ((hits.differing == FURTHEST) == (hits.ids == -1)).all()


def test_what_is_removed_is_found_no_more(index: CodeIndex) -> None:
    index.remove(np.array([7, 1234], np.int64))
    assert len(index) == 200
    assert 7 not in index.search(MINE.bits, 8).ids
    assert (index.search(THEIRS.bits, 1).ids == 9).all()


def test_a_view_without_codes_changes_nothing(index: CodeIndex) -> None:
    index.add([11], [codes(0, 3)])
    assert len(index) == 400


def test_an_empty_index_finds_nothing() -> None:
    assert (CodeIndex().search(MINE.bits, 4).ids == -1).all()


def test_a_saved_index_answers_as_before(index: CodeIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "codes")
    again = CodeIndex.load(tmp_path / "codes")
    before, after = (one.search(nearly(MINE.bits, 9), 8) for one in (index, again))
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
    again.remove(np.array([9], np.int64))
    assert len(again) == 200


def test_the_order_of_adding_does_not_matter(index: CodeIndex) -> None:
    other = CodeIndex()
    other.add([9], [THEIRS])
    other.add([7], [MINE])
    one, two = (found.search(MINE.bits, 1) for found in (index, other))
    assert one.ids.tolist() == two.ids.tolist()


def test_an_incomplete_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "codes").write_bytes(b"IBwF")
    with pytest.raises(RuntimeError):
        CodeIndex.load(tmp_path / "codes")
