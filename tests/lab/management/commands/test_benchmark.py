"""The command on a small folder of drawn pictures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


@pytest.mark.parametrize(
    ("package", "asked_for", "option"),
    [
        ("matplotlib.figure", ("--charts", "charts"), "--charts"),
        ("pdqhash", ("--peer", "pdq"), "pdq"),
    ],
)
def test_a_missing_package_is_told_before_the_run(
    labelled: Path,
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    asked_for: tuple[str, ...],
    option: str,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(CommandError, match=rf"{option} needs .*pip install"):
        call_command("benchmark", str(labelled), *asked_for)


def test_nothing_to_measure_is_told() -> None:
    with pytest.raises(CommandError, match="Name a folder"):
        call_command("benchmark")


@pytest.mark.encoder
def test_the_command_measures_a_folder(labelled: Path) -> None:
    out = labelled / "out.json"
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "benchmark", str(labelled)),
            *("--json", str(out)),
            *("--peer", "phash", "--families", "same,unrelated-photo,edit-mirror"),
            *("--distractors", str(labelled / "others"), "--cache", str(labelled / "vectors")),
        ],
        env={**os.environ, "BRANDGUARD_DATA_DIR": str(labelled / "untouched")},
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
    versions = written["environment"]
    assert versions["encoder"]["name"] == "sscd"
    assert len(versions["channels"]["copy"]["encoder"]["weights"]) == 64
    assert versions["threshold"] == 85
    assert (same["best"]["view"], same["best"]["scores"]["copy"]) == ("0.png", 100)
    assert len(mirrored["right"]["view_polygon"]) >= 4
    assert written["overall"]["enrolled_views"] == 2
    assert len(written["overall"]["refused_designs"]) == 1
    assert written["overall"]["milliseconds"] == "not measured: cached"
    assert list((labelled / "vectors").rglob("*.npy"))
    edits = next(one for one in written["targets"] if one["target"].startswith("edits"))
    assert (edits["figure"], edits["met"]) == (1, True)
    assert not (labelled / "untouched" / "brandguard.sqlite3").exists()
