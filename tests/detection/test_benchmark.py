"""The benchmark's arithmetic, and the command itself on a small folder of drawn pictures."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from lab.benchmark.cache import CachedEncoder
from lab.benchmark.charts import draw
from lab.benchmark.enrolment import distractors
from lab.benchmark.families import by_family, is_clean
from lab.benchmark.figures import family_figures, overall, peer_recall
from lab.benchmark.jobs import edit_jobs
from lab.benchmark.measure import Setting, picture_of
from lab.benchmark.report import family_table
from lab.benchmark.rows import Job, Row, Scores
from lab.benchmark.statistics import Share, micro_average_precision, percentile, threshold_for
from lab.benchmark.targets import Result, results
from lab.calibration.folder import DesignRow, LabelledFolder, ListingRow
from tests.fake_encoder import SPEC, FakeEncoder
from tests.pictures import drawn, encoded
from vision.encoders.base import Vectors
from vision.pictures.decode import Picture


def row(family: str, **fields: Any) -> Row:
    known: dict[str, Any] = {"path": "a.jpg", "design_id": "", "brand": "", "milliseconds": 100.0}
    return Row(family=family, **known | fields)


@given(st.integers(0, 200), st.integers(1, 200))
def test_an_interval_holds_its_share(count: int, of: int) -> None:
    share = Share(min(count, of), of)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1


def test_none_of_450_may_still_be_one_in_a_hundred() -> None:
    low, high = Share(0, 450).interval
    assert low == 0
    assert high == pytest.approx(0.0085, abs=0.0002)


def test_average_precision_is_one_when_right_pairs_come_first() -> None:
    assert micro_average_precision([(0.9, True), (0.8, True), (0.1, False)], 2) == 1
    assert micro_average_precision([(0.9, False), (0.8, True)], 1) == 0.5
    assert micro_average_precision([(0.9, True)], 2) == 0.5  # one was not found at all


def test_a_peer_gets_the_threshold_of_as_many_false_alerts() -> None:
    others = [0.1, 0.5, 0.3]
    assert sum(score >= threshold_for(others, 1) for score in others) == 1
    assert sum(score >= threshold_for(others, 0) for score in others) == 0
    assert threshold_for(others, 3) == 0


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([3, 1, 2], 0.95) == 3
    assert percentile([], 0.5) == 0


def test_a_flag_of_the_wrong_design_is_no_recall() -> None:
    rows = [
        row("shop-photo", design_id="a", brand="x", design_similarity=90.0, brand_similarity=90.0),
        row("shop-photo", design_id="a", brand="x", brand_similarity=90.0, flagged=True),
        row("shop-photo", design_id="a", brand="x", other_similarity=95.0, best_brand="y"),
        row("shop-photo", design_id="a", brand="x"),
    ]
    figures = family_figures(rows, 85)
    assert (figures["recall_design"], figures["recall_brand"]) == (0.25, 0.5)
    assert figures["false_alerts"] == 1
    assert overall(rows, 85)["wrong_brand"] == {"count": 1, "of": 4}


def test_nothing_registered_has_no_recall_but_false_alerts() -> None:
    figures = family_figures([row("unrelated-photo", other_similarity=86.0)], 85)
    assert figures["recall_design"] is None
    assert figures["false_alert_rate"] == 1


def test_a_peer_is_compared_at_our_own_number_of_false_alerts() -> None:
    rows = [
        row("edit-crop", design_id="a", brand="x", peers={"p": Scores(design=0.4, other=0.1)}),
        row("unrelated-photo", peers={"p": Scores(other=0.5)}),
    ]
    assert peer_recall(rows, "p", 85)["edit-crop"] == 0
    one_alert = [*rows, row("unrelated-photo", other_similarity=90.0, peers={"p": Scores()})]
    assert peer_recall(one_alert, "p", 85)["edit-crop"] == 1


def test_the_table_has_a_line_a_family() -> None:
    text = family_table({"edit-crop": family_figures([row("edit-crop")], 85)}, {})
    assert text.splitlines()[1].startswith("edit-crop")


def test_a_listing_is_taken_for_one_thing_or_not_flagged() -> None:
    rows = [
        row("sibling-photo", flagged=True, match_kind="resemblance"),
        row("sibling-photo", match_kind="copy"),
    ]
    assert family_figures(rows, 85)["match_kinds"] == {
        "copy": 0,
        "same_design": 0,
        "resemblance": 1,
        "not_flagged": 1,
    }


def test_a_flag_of_another_brand_is_wrong_though_the_right_one_is_found_too() -> None:
    rows = [row("shop-photo", brand="x", best_brand="y", flagged=True, brand_similarity=90.0)]
    assert overall(rows, 85)["wrong_brand"] == {"count": 1, "of": 1}


def test_times_of_a_run_with_kept_vectors_are_not_told() -> None:
    rows = [row("same", milliseconds=None)]
    assert overall(rows, 85)["milliseconds"] == "not measured: cached"
    assert asked(rows, "time a picture, p95").verdict == "not measured"


# --- targets --------------------------------------------------------------------------------------
def asked(rows: Sequence[Row], target: str) -> Result:
    return next(result for result in results(rows, 85) if result.target == target)


FOUND = {"design_id": "a", "brand": "x", "design_similarity": 90.0, "brand_similarity": 90.0}
FLAGGED = {"flagged": True, "similarity": 90.0, "other_similarity": 90.0, "best_brand": "y"}
SAME = {"flagged": True, "match_kind": "same_design", "brand": "x", "best_brand": "x"}


@pytest.mark.parametrize(
    ("target", "family", "good", "bad", "allowed"),
    [
        ("edits: right design, worst family", "edit-crop", FOUND, {"design_id": "a"}, 5),
        ("edits: right design, mean of families", "edit-crop", FOUND, {"design_id": "a"}, 1),
        ("shop-photo: right brand", "shop-photo", FOUND, {"design_id": "a", "brand": "x"}, 8),
        ("false alerts: unrelated photo, produce, edits", "unrelated-photo", {}, FLAGGED, 0),
        ("unrelated photo and produce: flagged", "unrelated-produce", {}, FLAGGED, 0),
        ("unrelated-object: flagged", "unrelated-object", {}, FLAGGED, 2),
        ("unrelated-mark: flagged", "unrelated-mark", {}, FLAGGED, 2),
        ("wrong brand: shop and sibling photos", "shop-photo", FOUND, {"brand": "x"} | FLAGGED, 1),
        ("sibling-photo: taken for the same design", "sibling-photo", {"brand": "x"}, SAME, 5),
        ("time a picture, p95", "same", {}, {"milliseconds": 500.0}, 5),
    ],
)
def test_a_target_allows_so_many_of_a_hundred(
    target: str, family: str, good: dict[str, Any], bad: dict[str, Any], allowed: int
) -> None:
    goods = [row(family, **good)] * 100
    bads = [row(family, **bad)] * 100
    assert asked(goods[allowed:] + bads[:allowed], target).met is True
    assert asked(goods[allowed + 1 :] + bads[: allowed + 1], target).met is False


def test_the_worst_family_is_named() -> None:
    rows = [row("edit-crop", **FOUND), row("edit-tilt", design_id="a")]
    assert asked(rows, "edits: right design, worst family").detail.startswith("edit-tilt")


def test_what_was_not_run_is_neither_met_nor_missed() -> None:
    assert {result.met for result in results([], 85)} == {None}


def test_turntables_and_marks_are_asked_for_with_their_false_alerts() -> None:
    rows = [row("turntable-45", design_id="a", design_similarity=90.0, other_similarity=86.0)]
    found, mistaken = (
        asked(rows, f"turntable-45: {what}") for what in ("right design", "false alerts")
    )
    assert (found.figure, found.verdict) == (1, "met")
    assert (mistaken.figure, mistaken.verdict) == (1, "MISSED")
    assert asked([], "logo-scene-8: right design").verdict == "not measured"


def test_edits_of_marks_count_for_nothing() -> None:
    rows = [row("edit-crop/logo", **FLAGGED, design_id="a")]
    assert not is_clean("edit-crop/logo")
    assert asked(rows, "edits: right design, worst family").figure is None
    assert overall(rows, 85)["false_alerts"]["of"] == 0


def test_edits_of_all_are_named_for_the_kind() -> None:
    designs = (DesignRow("a", "x", "photo", "a.png"), DesignRow("b", "x", "logo", "b.png"))
    scene = ListingRow("scene.png", "unrelated-photo", "", "")
    folder = LabelledFolder(Path(), designs, (scene,))
    few = {job.family for job in edit_jobs(folder, of_all=False)}
    more = {job.family for job in edit_jobs(folder, of_all=True)} - few
    assert more == {f"{family}/logo" for family in few}
    assert {job.edit for job in edit_jobs(folder, of_all=True)} == few


def test_a_listing_of_a_family_called_like_ours_is_taken_as_it_is(folder: Path) -> None:
    job = Job("0.png", "edit-mirror", "d0", "b0")
    assert picture_of(Setting(folder, 85), job) == ((folder / "0.png").read_bytes(), {})


# --- charts, distractors, kept vectors ------------------------------------------------------------
def test_three_charts_are_drawn_of_whatever_was_run(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rows = [row("edit-crop", **FOUND, peers={"phash": Scores(60, 60)}), row("unrelated-photo")]
    families = {name: family_figures(of, 85) for name, of in by_family(rows).items()}
    draw(tmp_path / "all", rows, families, {"phash": peer_recall(rows, "phash", 85)}, 85)
    draw(tmp_path / "none", [], {}, {}, 85)
    for folder in ("all", "none"):
        assert len(list((tmp_path / folder).glob("*.png"))) == 3


@pytest.mark.parametrize(
    ("package", "asked_for", "option"),
    [
        ("matplotlib.figure", ("--charts", "charts"), "--charts"),
        ("pdqhash", ("--peer", "pdq"), "pdq"),
    ],
)
def test_a_missing_package_is_told_before_the_run(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    asked_for: tuple[str, ...],
    option: str,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(CommandError, match=rf"{option} needs .*pip install"):
        call_command("benchmark", str(folder), *asked_for)


def test_every_picture_below_a_folder_is_a_brand_of_its_own(tmp_path: Path) -> None:
    for name in ("b.PNG", "a/c.jpg", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = distractors(tmp_path, None)
    assert [one.views[0].name for one in found] == ["c.jpg", "b.PNG"]
    assert len({one.brand for one in found}) == 2
    assert len(distractors(tmp_path, 1)) == 1


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has no pictures"):
        distractors(tmp_path, None)


class CountingEncoder(FakeEncoder):
    seen = 0

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        self.seen += len(pictures)
        return super().embed(pictures)


def test_a_picture_is_embedded_once_by_each_generation(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    cached = CachedEncoder(encoder, tmp_path)
    first = cached.embed([drawn(0), drawn(1)])
    again = CachedEncoder(encoder, tmp_path).embed([drawn(1), drawn(2), drawn(0)])
    assert encoder.seen == 3
    assert (again == encoder.embed([drawn(1), drawn(2), drawn(0)])).all()
    assert (first == again[[2, 0]]).all()
    encoder.seen, encoder.spec = 0, replace(SPEC, version="2")
    CachedEncoder(encoder, tmp_path).embed([drawn(0)])
    assert encoder.seen == 1


# --- the command ----------------------------------------------------------------------------------
@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(encoded(drawn(number)))
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "4.png").write_bytes(encoded(drawn(4)))
    (tmp_path / "others" / "damaged.png").write_bytes(b"no picture")
    write(
        tmp_path / "designs.csv",
        [("design_id", "brand", "kind", "path"), ("d0", "b0", "photo", "0.png")],
    )
    write(
        tmp_path / "listings.csv",
        [
            ("path", "family", "design_id", "brand"),
            ("0.png", "same", "d0", "b0"),
            ("2.png", "unrelated-photo", "", ""),
            ("3.png", "unrelated-photo", "", ""),
        ],
    )
    return tmp_path


def write(path: Path, rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.mark.encoder
def test_the_command_measures_a_folder(folder: Path) -> None:
    out = folder / "out.json"
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "benchmark", str(folder), "--edits", "--json", str(out)),
            *("--peer", "phash", "--families", "same,unrelated-photo,edit-mirror"),
            *("--distractors", str(folder / "others"), "--cache", str(folder / "vectors")),
        ],
        env={**os.environ, "BRANDGUARD_DATA_DIR": str(folder / "untouched")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    written = json.loads(out.read_text())
    assert written["families"]["same"]["recall_design"] == 1
    assert written["families"]["edit-mirror"]["recall_design"] == 1
    same = next(row for row in written["listings"] if row["family"] == "same")
    assert (same["similarity"], same["match_kind"], same["flagged"]) == (100, "copy", True)
    mirrored = next(row for row in written["listings"] if row["family"] == "edit-mirror")
    assert mirrored["edit"]["mirrored"] is mirrored["done"]["mirrored"] is True
    named = written["overall"]["explanations"]["mirrored"]
    assert (named["judged"], named["within"]) == (1, 1.0)
    assert set(written["peers"]) == {"phash"}
    assert written["environment"]["encoder"] == "sscd"
    assert written["overall"]["enrolled_views"] == 2
    assert len(written["overall"]["refused_designs"]) == 1
    assert written["overall"]["milliseconds"] == "not measured: cached"
    assert list((folder / "vectors").rglob("*.npy"))
    edits = next(one for one in written["targets"] if one["target"].startswith("edits"))
    assert (edits["figure"], edits["met"]) == (1, True)
    assert not (folder / "untouched" / "brandguard.sqlite3").exists()
