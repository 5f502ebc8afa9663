"""The journal's numbers follow commit order, so that no reader skips a late commit."""

from pathlib import Path
from threading import Event

import pytest
from django.db import transaction

from fingerprints.index.live import LiveIndex
from fingerprints.models import Brand, Fingerprint, IndexChange
from tests.fake_encoder import SPEC
from tests.fingerprints.index.scenes import ADD, GENERATION, axes, bare_fingerprints, found
from tests.threads import threads

PATIENCE = 20.0  # seconds: only a test that fails waits for so long


@pytest.fixture
def rows(own_connections: None, brand: Brand) -> list[Fingerprint]:
    return bare_fingerprints(brand, axes(0, 1))


def test_a_second_writer_waits_and_no_reader_skips_the_first(
    rows: list[Fingerprint], tmp_path: Path
) -> None:
    numbered, may_commit = Event(), Event()

    def slow_first() -> None:
        with transaction.atomic():
            IndexChange.objects.record(ADD, GENERATION, [rows[0].pk])
            numbered.set()
            assert may_commit.wait(PATIENCE)

    def quick_second() -> None:
        with transaction.atomic():
            IndexChange.objects.record(ADD, GENERATION, [rows[1].pk])

    reader = LiveIndex(SPEC, tmp_path)
    Fingerprint.objects.update(generation="hidden")  # so that only the journal brings them
    assert found(reader, axes(0, 1)) == [[], []]
    Fingerprint.objects.update(generation=GENERATION)
    with threads() as start:
        try:
            first = start(slow_first)
            assert numbered.wait(PATIENCE)
            second = start(quick_second)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.4)
            assert found(reader, axes(0, 1)) == [[], []]
        finally:
            may_commit.set()
        first.result(PATIENCE)
        second.result(PATIENCE)
    assert found(reader, axes(0, 1)) == [[rows[0].pk], [rows[1].pk]]
    in_order = IndexChange.objects.order_by("number").values_list("fingerprint_id", flat=True)
    assert list(in_order) == [rows[0].pk, rows[1].pk]


def test_a_reader_beside_many_writers_ends_with_everything(
    own_connections: None, brand: Brand, tmp_path: Path
) -> None:
    rows = bare_fingerprints(brand, axes(*range(24)))
    Fingerprint.objects.update(generation="hidden")
    reader = LiveIndex(SPEC, tmp_path)
    reader.state()
    Fingerprint.objects.update(generation=GENERATION)

    def write(some: list[Fingerprint]) -> None:
        for row in some:
            with transaction.atomic():
                IndexChange.objects.record(ADD, GENERATION, [row.pk])

    with threads() as start:
        working = [start(lambda part=rows[n::4]: write(part)) for n in range(4)]  # type: ignore[misc]
        while not all(work.done() for work in working):
            reader.state()
        for work in working:
            work.result()
    assert reader.state().index.ids().tolist() == [row.pk for row in rows]
