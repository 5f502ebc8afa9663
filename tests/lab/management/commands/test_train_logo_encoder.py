import json
from pathlib import Path

import pytest

from tests.encoders import in_environment

pytestmark = pytest.mark.slow


def test_the_logo_encoder_learns_from_drawn_shapes_within_a_minute(tmp_path: Path) -> None:
    checkpoint = tmp_path / "logo.pt"
    done = in_environment(
        tmp_path, "train_logo_encoder", str(checkpoint), "--minutes", "1.5", "--drawn-only",
        "--batch", "64",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    curve = json.loads(checkpoint.with_suffix(".json").read_text())["curve"]
    assert len(curve) >= 2
    assert curve[-1]["loss"] < curve[0]["loss"]
    assert curve[-1]["recall"] > curve[0]["recall"]
    exported = in_environment(
        tmp_path, "export_encoder", f"checkpoint:{checkpoint}", "--name", "mine"
    )
    assert exported.returncode == 0, exported.stderr
    told = json.loads((tmp_path / "encoders/mine.json").read_text())
    assert (told["dimension"], told["input_side"]) == (128, 64)
    assert told["measured"]["largest_difference"] < 1e-4
