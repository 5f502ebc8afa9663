"""Tuning with torch, in the environment of ./run encoders."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.encoders import RANDOM_WEIGHTS, TIMM, in_environment, written_by
from tests.pictures import drawn

pytestmark = pytest.mark.slow


def test_a_tuned_encoder_is_kept_only_when_it_is_better(tmp_path: Path) -> None:
    pictures = tmp_path / "designs"
    pictures.mkdir()
    for seed in range(24):
        Image.fromarray(drawn(seed, width=120, height=100)).save(pictures / f"{seed:02}.png")
    in_environment(tmp_path, "check")
    weights = written_by(RANDOM_WEIGHTS, tmp_path / "weights.pth", model=TIMM)
    made = in_environment(
        tmp_path, "export_encoder", f"timm:{TIMM}@{weights}", "--side", "64", "--name", "things"
    )
    assert made.returncode == 0, made.stderr
    done = in_environment(tmp_path, "tune_encoder", "things", str(pictures))
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "encoders/things-tuned.comparison").read_text())
    assert told["designs"] == {"trained": 17, "held_back": 7}
    better = (
        told["after"]["recall"] >= told["before"]["recall"]
        and told["after"]["micro_average_precision"] >= told["before"]["micro_average_precision"]
    )
    assert told["kept"] is (better and told["after"] != told["before"])
    assert (tmp_path / "encoders/things-tuned.json").exists() is told["kept"]
    assert ("Kept as things-tuned" in done.stdout) is told["kept"]


def test_what_comes_with_the_product_is_not_tuned(tmp_path: Path) -> None:
    done = in_environment(tmp_path, "tune_encoder", "sscd", str(tmp_path))
    assert done.returncode != 0
    assert "tune an exported encoder" in done.stderr


def test_too_few_designs_are_refused(tmp_path: Path) -> None:
    done = in_environment(tmp_path, "tune_encoder", "efficientnet-lite2", str(tmp_path))
    assert done.returncode != 0
    assert "needs 20 designs or more" in done.stderr
