"""Which channels are on: those with an encoder, and a part of the calibration for it."""

from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from tests.fake_encoder import OfShapes, OfThings
from tests.matchers import COPY_BY_HAND, calibration, channels
from tests.vision.channels.scenes import LOGOS, OBJECTS
from vision.channels import copy, logo
from vision.channels.registry import (
    CHANNELS,
    calibrated,
    channel_named,
    generation,
    load_channels,
    models,
)
from vision.encoders.generation import generation_of


def test_a_channel_is_found_by_its_name() -> None:
    assert channel_named("logo") is logo.SPEC
    with pytest.raises(LookupError):
        channel_named("another")


def test_a_channel_is_on_when_the_calibration_knows_its_encoder() -> None:
    of = channels(OfThings(), OfShapes())
    known = {
        "object": replace(OBJECTS, generation=generation_of(OfThings.spec)),
        "logo": replace(LOGOS, generation=generation_of(OfShapes.spec)),
    }
    assert list(calibrated(of, calibration(**known))) == ["copy", "object", "logo"]
    assert list(calibrated(of, calibration(object=known["object"]))) == ["copy", "object"]
    assert list(calibrated(of, calibration(**known | {"object": OBJECTS}))) == ["copy", "logo"]


def test_its_generation_is_that_of_its_encoder() -> None:
    of = channels(OfThings())
    assert generation(of["copy"]) == COPY_BY_HAND.generation
    assert generation(of["object"]) == generation_of(OfThings.spec)


@pytest.mark.encoder
def test_what_is_not_required_can_be_switched_off(settings: Settings) -> None:
    settings.OBJECT_ENCODER = settings.LOGO_ENCODER = ""
    assert list(models()) == list(load_channels()) == [copy.NAME]
    assert [spec.name for spec in CHANNELS if spec.is_required] == [copy.NAME]
