"""Which channels are on."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from detection.matching.channel_states import channel_states
from vision.encoders import exported
from vision.encoders.catalogue import CATALOGUE

pytestmark = pytest.mark.django_db


def test_an_encoder_that_the_calibration_does_not_know_is_off(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ENCODERS_DIR = tmp_path
    model = b"things"
    spec = replace(
        CATALOGUE["sscd"],
        name="things",
        package="",
        weights=exported.model_name("things", model),
        weights_sha256=hashlib.sha256(model).hexdigest(),
    )
    exported.keep(spec, model, {})
    settings.OBJECT_ENCODER = "things"
    encoders = {state.spec.name: state.encoder for state in channel_states()}
    assert encoders["object"] == ""
    assert encoders["copy"] == "sscd 1"
