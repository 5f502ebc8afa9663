"""Exporting with torch, in the environment of ./run encoders."""

from pathlib import Path

import pytest

from tests.encoders import RANDOM_WEIGHTS, TIMM, in_environment, written_by

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["timm:no_such_model"], "timm has no model"),
        (["timm:resnet18@absent.pth"], "There is no file absent.pth"),
        (["timm:resnet18"], "cannot be downloaded"),
        (["torchscript:README.md"], "is not a TorchScript file"),
        (["checkpoint:README.md"], "is not a checkpoint"),
        (["nonsense"], "names no encoder"),
        (["package:efficientnet-lite2"], "names no encoder"),
    ],
)
def test_what_cannot_be_exported_is_named_with_the_remedy(
    tmp_path: Path, words: list[str], said: str
) -> None:
    done = in_environment(tmp_path, "export_encoder", *words)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "encoders").glob("*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "sscd"], "belongs to the product"),
        (["--pictures", "docs/decisions"], "too few to compare"),
    ],
)
def test_an_export_needs_a_name_of_its_own_and_pictures_to_compare_on(
    tmp_path: Path, words: list[str], said: str
) -> None:
    in_environment(tmp_path, "check")  # so that the environment is there
    weights = written_by(RANDOM_WEIGHTS, tmp_path / "weights.pth", model=TIMM)
    spec = f"timm:{TIMM}@{weights}"
    done = in_environment(tmp_path, "export_encoder", spec, "--side", "64", *words)
    assert done.returncode != 0
    assert said in done.stderr
    assert not list((tmp_path / "encoders").glob("*"))
