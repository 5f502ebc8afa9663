"""Encoders that were exported: read as they were written, or refused by name."""

import json

import pytest

from tests.vision.encoders.scenes import MODEL, spec
from vision.encoders import exported
from vision.encoders.base import EncoderUnavailable
from vision.encoders.catalogue import spec_of
from vision.encoders.generation import generation_of
from vision.encoders.onnx import checked_weights


def test_what_was_kept_is_read_again() -> None:
    exported.keep(spec(), MODEL, {"largest_difference": 1e-7})
    assert exported.exported() == {"things": spec()}
    assert spec_of("things") == spec()
    assert checked_weights(spec()) == MODEL


def test_a_new_export_takes_the_old_one_s_place() -> None:
    exported.keep(spec(), MODEL, {})
    exported.keep(spec(b"others"), b"others", {})
    assert [path.name for path in exported.folder().glob("*.onnx")] == [spec(b"others").weights]
    assert checked_weights(spec_of("things")) == b"others"


def test_two_exports_of_the_same_weights_are_one_generation() -> None:
    assert generation_of(spec()) == generation_of(spec(b"others"))
    assert generation_of(spec()) != generation_of(spec(made_from="2" * 64))


def test_whoever_is_killed_before_the_spec_leaves_the_encoder_that_was_there() -> None:
    exported.keep(spec(), MODEL, {})
    exported.put(exported.folder() / "things-00000000.onnx", b"half of it")
    assert checked_weights(spec_of("things")) == MODEL


@pytest.mark.parametrize(
    "text", ["{", "{}", json.dumps({"name": "things"}), "[]"], ids=["cut", "empty", "half", "list"]
)
def test_a_spec_that_cannot_be_read_is_named(text: str) -> None:
    exported.folder().mkdir()
    (exported.folder() / "things.json").write_text(text)
    with pytest.raises(EncoderUnavailable, match=r"things\.json") as refused:
        spec_of("things")
    assert refused.value.field == "ENCODERS_DIR"


def test_a_spec_under_another_name_is_refused() -> None:
    path = exported.keep(spec(), MODEL, {})
    path.rename(path.with_name("other.json"))
    with pytest.raises(EncoderUnavailable, match="'things'"):
        exported.exported()


def test_weights_that_were_changed_are_refused() -> None:
    exported.keep(spec(), MODEL, {})
    (exported.folder() / spec().weights).write_bytes(b"changed")
    with pytest.raises(EncoderUnavailable, match="not the file") as refused:
        checked_weights(spec())
    assert refused.value.remedy == "Export the encoder again."
