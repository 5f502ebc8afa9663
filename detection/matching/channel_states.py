"""Which channels are on, found out without loading any of them."""

from dataclasses import dataclass

from django.conf import settings

from vision.channels.calibration import stored_calibration
from vision.channels.registry import CHANNELS
from vision.channels.spec import ChannelSpec
from vision.encoders.base import EncoderSpec, EncoderUnavailable
from vision.encoders.catalogue import spec_of


@dataclass(frozen=True)
class ChannelState:
    """`encoder` is empty where the channel is off."""

    spec: ChannelSpec
    encoder: str


def channel_states() -> list[ChannelState]:
    return [ChannelState(spec, name_of(serving_model(spec))) for spec in CHANNELS]


def serving_model(spec: ChannelSpec) -> EncoderSpec | None:
    """The channel's model, or None where the calibration has no numbers for it."""
    try:
        calibration = stored_calibration(spec_of(settings.ENCODER))
        model = spec.model()
    except EncoderUnavailable:
        return None
    known = calibration is not None and model is not None and calibration.knows(spec.name, model)
    return model if known else None


def name_of(model: EncoderSpec | None) -> str:
    return f"{model.name} {model.version}" if model else ""
