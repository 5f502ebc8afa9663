from pytest_django.fixtures import Settings

from tests.vision.encoders.scenes import MODEL, spec
from vision.encoders import exported
from vision.encoders.catalogue import object_encoder_spec


def test_without_its_encoder_the_object_channel_has_no_model(settings: Settings) -> None:
    assert object_encoder_spec() is None
    settings.OBJECT_ENCODER = "things"
    exported.keep(spec(), MODEL, {})
    assert object_encoder_spec() == spec()
    settings.OBJECT_ENCODER = ""
    assert object_encoder_spec() is None
