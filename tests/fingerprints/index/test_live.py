"""Every process's index follows the database."""

from pathlib import Path

import numpy as np
import pytest
from django.db import transaction

from accounts.actions.verify import verify_organisation
from fingerprints.actions.retire import retire_design
from fingerprints.index import live
from fingerprints.index.live import LiveIndex, live_index
from fingerprints.index.verification import compare
from fingerprints.models import Brand, Fingerprint, IndexChange
from tests import factories
from tests.fake_encoder import SPEC
from tests.fingerprints.index.scenes import (
    ADD,
    GENERATION,
    axes,
    bare_fingerprints,
    enrolled,
    found,
    nearest,
    record,
)
from vision.encoders.base import EncoderSpec
from vision.index.faiss import FaissIndex

REMOVE, RELOAD = IndexChange.Operation.REMOVE, IndexChange.Operation.RELOAD


@pytest.fixture
def index(tmp_path: Path) -> LiveIndex:
    return LiveIndex(SPEC, tmp_path / "index")


@pytest.fixture
def elsewhere(tmp_path: Path) -> LiveIndex:
    """Another process's index, with a folder of its own."""
    return LiveIndex(SPEC, tmp_path / "elsewhere")


def test_an_empty_database_has_nothing_to_find(index: LiveIndex, db: None) -> None:
    assert nearest(index, 1) is None
    assert index.near(0, within=64) == []


def test_a_new_design_is_found_by_the_next_search_of_another_process(
    brand: Brand, index: LiveIndex, elsewhere: LiveIndex
) -> None:
    enrolled(brand, 1)
    assert nearest(elsewhere, 2) is None
    enrolled(brand, 2)
    assert nearest(elsewhere, 2) == "Design 2"
    assert nearest(index, 1) == "Design 1"


def test_a_retired_design_no_longer_matches(brand: Brand, index: LiveIndex) -> None:
    design = enrolled(brand, 1)
    enrolled(brand, 2)
    assert nearest(index, 1) == "Design 1"
    retire_design(design=design, by=factories.staff())
    assert nearest(index, 1) is None
    assert nearest(index, 2) == "Design 2"


def test_a_retired_design_is_not_even_loaded_by_a_new_process(
    brand: Brand, index: LiveIndex
) -> None:
    retire_design(design=enrolled(brand, 1), by=factories.staff())
    assert len(index.state().index) == 0
    assert index.state().index.hashes() == {}


def test_a_retired_design_s_hash_is_no_longer_near(brand: Brand, index: LiveIndex) -> None:
    design = enrolled(brand, 1)
    row = Fingerprint.objects.get(image__design=design, variant="original")
    assert row.pk in index.near(row.perceptual_hash, within=0)
    retire_design(design=design, by=factories.staff())
    assert index.near(row.perceptual_hash, within=0) == []


def test_the_last_word_on_a_fingerprint_counts(brand: Brand, index: LiveIndex) -> None:
    index.state()
    first, second = bare_fingerprints(brand, axes(0, 1))
    record(ADD, [first, second])
    record(REMOVE, [first, second])
    record(ADD, [second])
    assert found(index, axes(0, 1)) == [[], [second.pk]]
    assert index.near(1, within=0) == [second.pk]


def test_more_changes_than_one_query_takes_are_all_applied(
    brand: Brand, index: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.state()
    rows = bare_fingerprints(brand, axes(*range(11)))
    monkeypatch.setattr(live, "BATCH", 4)
    record(ADD, rows)
    record(REMOVE, rows[:2])
    expected = [[], [], *([row.pk] for row in rows[2:])]
    assert found(index, axes(*range(11))) == expected


def test_more_rows_than_one_query_takes_are_all_loaded(
    brand: Brand, index: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = bare_fingerprints(brand, axes(*range(11)))
    record(ADD, rows)
    monkeypatch.setattr(live, "BATCH", 4)
    assert index.state().index.ids().tolist() == [row.pk for row in rows]


def test_whoever_waits_is_told_at_each_batch(
    brand: Brand, index: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BATCH", 4)
    told: list[int] = []
    rows = bare_fingerprints(brand, axes(*range(11)))
    with live.heartbeat(lambda: told.append(1)):
        index.catch_up()
        assert len(told) == 3  # of what is loaded
        record(ADD, rows)
        index.catch_up()
    assert len(told) == 6  # of what came since
    record(REMOVE, rows)
    index.catch_up()
    assert len(told) == 6


def test_a_load_that_was_interrupted_goes_on_where_it_was(
    brand: Brand, index: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by the time limit of a task, which the process outlives."""
    monkeypatch.setattr(live, "BATCH", 4)
    rows = bare_fingerprints(brand, axes(*range(11)))
    record(ADD, rows)

    def over() -> None:
        raise TimeoutError

    for _ in range(2):
        with live.heartbeat(over), pytest.raises(TimeoutError):
            index.catch_up()
    record(REMOVE, rows[:1])
    left: list[int] = []
    with live.heartbeat(lambda: left.append(1)):
        assert index.state().index.ids().tolist() == [row.pk for row in rows[1:]]
    assert len(left) == 2  # the last batch, and what was removed meanwhile


def test_a_change_for_a_row_that_is_gone_adds_nothing(brand: Brand, index: LiveIndex) -> None:
    index.state()
    rows = bare_fingerprints(brand, axes(0, 1))
    record(ADD, rows)
    rows[0].delete()
    assert index.state().index.ids().tolist() == [rows[1].pk]


def test_another_generation_s_changes_are_passed_over(brand: Brand, index: LiveIndex) -> None:
    [row] = bare_fingerprints(brand, axes(0))
    Fingerprint.objects.filter(pk=row.pk).update(generation="another")
    with transaction.atomic():
        IndexChange.objects.record(ADD, "another", [row.pk])
    assert found(index, axes(0)) == [[]]


def test_reload_reads_every_vector_anew(brand: Brand, index: LiveIndex) -> None:
    [row] = bare_fingerprints(brand, axes(0))
    record(ADD, [row])
    assert found(index, axes(0, 1)) == [[row.pk], []]
    Fingerprint.objects.filter(pk=row.pk).update(vector=axes(1)[0].astype("<f4").tobytes())
    with transaction.atomic():
        IndexChange.objects.record(RELOAD, GENERATION, [0])
    assert found(index, axes(0, 1)) == [[], [row.pk]]


def test_what_comes_after_a_reload_is_applied_too(brand: Brand, index: LiveIndex) -> None:
    rows = bare_fingerprints(brand, axes(0, 1))
    index.state()
    with transaction.atomic():
        IndexChange.objects.record(RELOAD, GENERATION, [0])
    record(REMOVE, rows[:1])
    Fingerprint.objects.filter(pk=rows[0].pk).delete()
    assert index.state().index.ids().tolist() == [rows[1].pk]


def test_near_answers_nearest_first_and_then_by_id(brand: Brand, index: LiveIndex) -> None:
    rows = bare_fingerprints(brand, axes(0, 1, 2, 3))  # their hashes: 0b00, 0b01, 0b10, 0b11
    record(ADD, rows[::-1])
    zero, one, two, three = (row.pk for row in rows)
    assert index.near(0, within=2) == [zero, one, two, three]
    assert index.near(0, within=1) == [zero, one, two]
    assert index.near(3, within=1) == [three, one, two]


def test_near_compares_all_64_bits(brand: Brand, index: LiveIndex) -> None:
    [row] = bare_fingerprints(brand, axes(0))
    record(ADD, [row])
    assert index.near(-1, within=63) == []
    assert index.near(-1, within=64) == [row.pk]
    assert index.near(-(2**63), within=1) == [row.pk]


def test_a_fresh_index_starts_at_the_journal_s_end(brand: Brand, index: LiveIndex) -> None:
    record(ADD, bare_fingerprints(brand, axes(0)))
    last = IndexChange.objects.get()
    position = index.state().position
    assert (position.number, position.token) == (last.number, str(last.token))


@pytest.mark.django_db(transaction=True)
def test_the_journal_is_written_only_within_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        IndexChange.objects.record(ADD, GENERATION, [1])
    assert not IndexChange.objects.exists()


def test_what_is_rolled_back_leaves_no_journal(brand: Brand, index: LiveIndex) -> None:
    [row] = bare_fingerprints(brand, axes(0))
    with transaction.atomic():
        IndexChange.objects.record(ADD, GENERATION, [row.pk])
        transaction.set_rollback(True)
    assert not IndexChange.objects.exists()


def test_a_process_holds_one_index_however_it_asks() -> None:
    assert live_index() is live_index("sscd")
    assert live_index("sscd-distilled") is not live_index("sscd")


def test_encoders_keep_their_snapshots_apart(tmp_path: Path) -> None:
    other = EncoderSpec(**{**SPEC.__dict__, "version": "2"})
    assert LiveIndex(SPEC, tmp_path).folder != LiveIndex(other, tmp_path).folder


def test_scores_are_cosines(brand: Brand, index: LiveIndex) -> None:
    [row] = bare_fingerprints(brand, axes(0))
    record(ADD, [row])
    at_60_degrees = np.asarray(0.5 * axes(0) + 0.75**0.5 * axes(1), np.float32)
    [[hit]] = index.search(at_60_degrees, k=3)
    assert hit.score == pytest.approx(0.5, abs=1e-6)


def test_an_index_that_outgrows_comparing_with_all_still_follows_the_database(
    brand: Brand, index: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FaissIndex, "exact_below", 3)
    index.state()
    rows = bare_fingerprints(brand, axes(0, 1, 2, 3))
    record(ADD, rows)
    assert found(index, axes(0, 1, 2, 3)) == [[row.pk] for row in rows]
    record(REMOVE, rows[:2])
    Fingerprint.objects.filter(pk__in=[row.pk for row in rows[:2]]).delete()
    assert found(index, axes(0, 1, 2, 3)) == [[], [], *([row.pk] for row in rows[2:])]
    assert compare(index).is_clean


def test_what_an_organisation_registered_moves_when_it_is_verified(
    index: LiveIndex, db: None
) -> None:
    newcomer = factories.organisation("Newcomer", verified=False)
    enrolled(factories.brand(newcomer), 1)
    retired = enrolled(factories.brand(newcomer, "Old"), 2)
    retire_design(design=retired, by=factories.staff())
    assert [len(part.index) for part in index.state().index.parts] == [0, 2]
    before = index.state().position.number
    verify_organisation(organisation=newcomer, by=factories.staff(), note="Register")
    assert [len(part.index) for part in index.state().index.parts] == [2, 0]
    assert index.state().position.number > before  # what was matched before is matched anew
    assert compare(index).is_clean
