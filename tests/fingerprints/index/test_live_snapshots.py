"""A snapshot makes the start fast and never makes it wrong."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fingerprints.index.live import LiveIndex
from fingerprints.models import Brand, Fingerprint, IndexChange
from tests.fake_encoder import SPEC
from tests.fingerprints.index.scenes import ADD, axes, bare_fingerprints, found, record


@pytest.fixture
def rows(brand: Brand) -> list[Fingerprint]:
    made = bare_fingerprints(brand, axes(0, 1, 2))
    record(ADD, made)
    return made


@pytest.fixture
def saved(rows: list[Fingerprint], tmp_path: Path) -> Path:
    """The folder of an index that was saved; its journal stands at the end."""
    index = LiveIndex(SPEC, tmp_path)
    index.save()
    return index.folder


def move_in_database(row: Fingerprint) -> None:
    """Without a word in the journal: whoever reads the row anew is found out."""
    Fingerprint.objects.filter(pk=row.pk).update(vector=axes(9)[0].astype("<f4").tobytes())


def reads_rows(index: LiveIndex) -> bool:
    with CaptureQueriesContext(connection) as queries:
        index.state()
    return any("fingerprints_fingerprint" in query["sql"] for query in queries)


FILES = ("vectors", "codes", "whose")


def named(folder: Path, what: str, part: str = "verified") -> Path:
    files = json.loads((folder / "current.json").read_text())[part]
    return folder / str(files[FILES.index(what)][0])


def test_a_new_process_starts_from_the_snapshot(
    saved: Path, rows: list[Fingerprint], tmp_path: Path
) -> None:
    move_in_database(rows[0])
    fresh = LiveIndex(SPEC, tmp_path)
    assert not reads_rows(fresh)
    assert found(fresh, axes(0, 1, 2)) == [[row.pk] for row in rows]
    assert fresh.near(2, within=0) == [rows[2].pk]
    assert set(fresh.state().index.verified.brands.values()) == {rows[0].image.design.brand_id}


def test_changes_since_the_snapshot_are_applied(
    saved: Path, rows: list[Fingerprint], brand: Brand, tmp_path: Path
) -> None:
    [late] = bare_fingerprints(brand, axes(5))
    record(ADD, [late])
    record(IndexChange.Operation.REMOVE, rows[:1])
    fresh = LiveIndex(SPEC, tmp_path)
    assert found(fresh, axes(0, 1, 5)) == [[], [rows[1].pk], [late.pk]]


def test_saving_again_leaves_one_snapshot_and_no_other_file(
    saved: Path, brand: Brand, tmp_path: Path
) -> None:
    record(ADD, bare_fingerprints(brand, axes(5)))
    LiveIndex(SPEC, tmp_path).save()
    files = {path.name for path in saved.iterdir()} - {"lock"}
    parts = [named(saved, what, part).name for what in FILES for part in ("verified", "others")]
    assert files == {"current.json", *parts}


def test_saving_tells_how_far_it_stands(rows: list[Fingerprint], tmp_path: Path) -> None:
    position = LiveIndex(SPEC, tmp_path).save()
    assert position.number == IndexChange.objects.latest("number").number


@pytest.mark.parametrize("what", FILES)
@pytest.mark.parametrize("left", [0, 0.5, 0.99])
def test_a_half_written_file_is_not_used(
    saved: Path, rows: list[Fingerprint], tmp_path: Path, what: str, left: float
) -> None:
    data = named(saved, what).read_bytes()
    named(saved, what).write_bytes(data[: int(left * len(data))])
    assert found(LiveIndex(SPEC, tmp_path), axes(0, 1, 2)) == [[row.pk] for row in rows]


@pytest.mark.parametrize("what", FILES)
def test_a_spoilt_file_is_not_used_wherever_it_is_spoilt(
    saved: Path, rows: list[Fingerprint], tmp_path: Path, what: str
) -> None:
    whole = named(saved, what).read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 25)):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0xFF
        named(saved, what).write_bytes(bytes(spoilt))
        assert reads_rows(LiveIndex(SPEC, tmp_path))


@pytest.mark.parametrize("what", FILES)
def test_a_missing_file_is_made_up_for_by_the_database(
    saved: Path, rows: list[Fingerprint], tmp_path: Path, what: str
) -> None:
    named(saved, what).unlink()
    assert found(LiveIndex(SPEC, tmp_path), axes(1)) == [[rows[1].pk]]


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", "{}", '"x"', '{"verified": 1, "others": 2}', "\x00\xff" * 9],
)
def test_a_spoilt_current_json_is_not_used(
    saved: Path, rows: list[Fingerprint], tmp_path: Path, text: str
) -> None:
    (saved / "current.json").write_bytes(text.encode("latin-1"))
    assert found(LiveIndex(SPEC, tmp_path), axes(1)) == [[rows[1].pk]]


@pytest.mark.parametrize(
    "change", [{"token": str(uuid4())}, {"token": "x"}, {"token": ""}, {"number": None}]
)
def test_a_snapshot_of_another_database_is_not_used(
    saved: Path, rows: list[Fingerprint], tmp_path: Path, change: dict[str, object]
) -> None:
    """Its journal has the same numbers, so only the token tells."""
    current = saved / "current.json"
    current.write_text(json.dumps(json.loads(current.read_text()) | change))
    move_in_database(rows[0])
    assert found(LiveIndex(SPEC, tmp_path), axes(0, 9)) == [[], [rows[0].pk]]


def test_a_snapshot_that_is_ahead_of_a_restored_database_is_not_used(
    saved: Path, rows: list[Fingerprint], tmp_path: Path
) -> None:
    IndexChange.objects.filter(fingerprint_id=rows[2].pk).delete()
    Fingerprint.objects.filter(pk=rows[2].pk).delete()
    assert found(LiveIndex(SPEC, tmp_path), axes(1, 2)) == [[rows[1].pk], []]


def test_a_writer_killed_half_way_leaves_the_old_snapshot_in_force(
    saved: Path, rows: list[Fingerprint], tmp_path: Path
) -> None:
    (saved / "99-0123abcd.faiss").write_bytes(b"half")
    (saved / "99-0123abcd.json").write_text("{")
    assert not reads_rows(LiveIndex(SPEC, tmp_path))


def test_an_empty_index_is_saved_without_harm(db: None, tmp_path: Path) -> None:
    assert LiveIndex(SPEC, tmp_path).save().number == 0
    assert found(LiveIndex(SPEC, tmp_path), axes(0)) == [[]]


def test_rebuilding_forgets_what_the_snapshot_said(
    saved: Path, rows: list[Fingerprint], tmp_path: Path
) -> None:
    index = LiveIndex(SPEC, tmp_path)
    assert found(index, axes(0)) == [[rows[0].pk]]
    move_in_database(rows[0])
    index.rebuild()
    assert found(index, axes(0, 9)) == [[], [rows[0].pk]]
    assert found(LiveIndex(SPEC, tmp_path), axes(0, 9)) == [[], [rows[0].pk]]


def test_the_snapshot_is_closed_to_other_users(saved: Path) -> None:
    assert saved.stat().st_mode & 0o077 == 0
