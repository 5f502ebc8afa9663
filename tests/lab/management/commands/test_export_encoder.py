"""Exporting with torch, in the environment of ./run encoders."""

from pathlib import Path

import pytest

from tests.encoders import in_environment

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
        (["package:efficientnet-lite2", "--name", "sscd"], "belongs to the product"),
        (["package:efficientnet-lite2", "--int8"], "Export without --int8"),
        (["package:efficientnet-lite2", "--pictures", "docs/decisions"], "too few to compare"),
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
