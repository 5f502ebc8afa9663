import pytest
from pytest_django.fixtures import Settings

from tests.vision.encoders.scenes import MODEL, spec
from vision.encoders import exported
from vision.encoders.base import EncoderUnavailable
from vision.encoders.catalogue import CATALOGUE, object_encoder_spec


def test_the_object_channel_has_the_encoder_that_comes_with_the_product() -> None:
    assert object_encoder_spec() == CATALOGUE["efficientnet-lite2"]


def test_the_object_channel_takes_an_exported_encoder_or_none(settings: Settings) -> None:
    settings.OBJECT_ENCODER = "things"
    with pytest.raises(EncoderUnavailable, match="no encoder 'things'"):
        object_encoder_spec()
    exported.keep(spec(), MODEL, {})
    assert object_encoder_spec() == spec()
    settings.OBJECT_ENCODER = ""
    assert object_encoder_spec() is None
