"""Encoders that were exported: read as they were written, or refused by name."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from vision.encoders import exported
from vision.encoders.base import EncoderSpec, EncoderUnavailable
from vision.encoders.catalogue import object_encoder_spec, spec_of
from vision.encoders.generation import generation_of
from vision.encoders.onnx import checked_weights, providers

MODEL = b"weights"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.ENCODERS_DIR = tmp_path / "encoders"


def spec(model: bytes = MODEL, **fields: object) -> EncoderSpec:
    made = EncoderSpec(
        name="things",
        version="1",
        dimension=8,
        input_side=32,
        licence="MIT",
        source="tests",
        package="",
        weights=exported.model_name("things", model),
        weights_sha256=hashlib.sha256(model).hexdigest(),
        made_from="1" * 64,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


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


def test_without_its_encoder_the_object_lane_is_off(settings: Settings) -> None:
    assert object_encoder_spec() is None
    settings.OBJECT_ENCODER = "things"
    exported.keep(spec(), MODEL, {})
    assert object_encoder_spec() == spec()
    settings.OBJECT_ENCODER = ""
    assert object_encoder_spec() is None


def test_a_provider_that_is_not_there_is_named_with_those_that_are(settings: Settings) -> None:
    settings.ONNX_PROVIDERS = "CPUExecutionProvider"
    assert providers() == ["CPUExecutionProvider"]
    settings.ONNX_PROVIDERS = "AbacusExecutionProvider, CPUExecutionProvider"
    with pytest.raises(EncoderUnavailable, match="no AbacusExecutionProvider") as refused:
        providers()
    assert "CPUExecutionProvider" in refused.value.message
    assert refused.value.field == "ONNX_PROVIDERS"
