"""Every channel of the product, one line each, in the order in which they are asked."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision.channels import copy, logo
from vision.channels import object as object_channel
from vision.channels.calibration import Calibration
from vision.channels.spec import ChannelSpec
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import load
from vision.encoders.generation import generation_of

if TYPE_CHECKING:  # loads OpenCV
    from vision.channels.channel import Channel

CHANNELS: list[ChannelSpec] = [
    copy.SPEC,
    object_channel.SPEC,
    logo.SPEC,
]

type Channels = Mapping[str, Channel]
"""The channels that are on, by name, in registry order."""


def channel_named(name: str) -> ChannelSpec:
    """Returns the spec. Raises LookupError."""
    for spec in CHANNELS:
        if spec.name == name:
            return spec
    raise LookupError(f"There is no channel {name!r}.")


def models() -> dict[str, EncoderSpec]:
    """Returns the encoder of each channel that has one here. Raises EncoderUnavailable."""
    found = ((spec.name, spec.model()) for spec in CHANNELS)
    return {name: model for name, model in found if model}


def load_channels(**encoders: EncoderSpec) -> "Channels":
    """Loads the channels that have an encoder here; `encoders` replace the configured ones by name.

    Raises EncoderUnavailable.
    """
    chosen = models() | encoders
    return {
        spec.name: spec.make(load(chosen[spec.name])) for spec in CHANNELS if spec.name in chosen
    }


def calibrated(channels: "Channels", calibration: Calibration) -> "Channels":
    """Returns the channels without those whose encoder the calibration was not fitted to."""
    return {
        name: channel
        for name, channel in channels.items()
        if calibration.knows(name, channel.encoder.spec)
    }


def generation(channel: "Channel") -> str:
    return generation_of(channel.encoder.spec)
