"""The benchmark's arithmetic, and the command itself on a small folder of drawn pictures."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.benchmark.report import family_figures, overall, peer_recall, table
from detection.benchmark.rows import Row, Scores
from detection.benchmark.statistics import (
    Share,
    micro_average_precision,
    percentile,
    threshold_for,
)
from tests.pictures import drawn, encoded


def row(family: str, **fields: object) -> Row:
    known: dict[str, object] = {
        "path": "a.jpg",
        "family": family,
        "design_id": "",
        "brand": "",
        "best_design": "",
        "best_brand": "",
        "similarity": 0.0,
        "match_kind": "",
        "flagged": False,
        "other_similarity": 0.0,
        "design_similarity": 0.0,
        "brand_similarity": 0.0,
        "milliseconds": 100.0,
    }
    return Row(**known | fields)  # type: ignore[arg-type]


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
        row("shop-photo", design_id="a", brand="x", other_similarity=95.0, flagged=True),
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
    text = table({"edit-crop": family_figures([row("edit-crop")], 85)}, {})
    assert text.splitlines()[1].startswith("edit-crop")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(encoded(drawn(number)))
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
    assert set(written["peers"]) == {"phash"}
    assert written["environment"]["encoder"] == "sscd"
    assert not (folder / "untouched" / "brandguard.sqlite3").exists()
