"""Every channel of the product, in the order in which they are asked: one line each."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision.channels import copy, logo
from vision.channels import object as object_channel
from vision.channels.calibration import Calibration
from vision.channels.spec import ChannelSpec
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import load
from vision.encoders.generation import generation_of

if TYPE_CHECKING:  # it loads OpenCV
    from vision.channels.channel import Channel

CHANNELS: list[ChannelSpec] = [
    copy.SPEC,
    object_channel.SPEC,
    logo.SPEC,
]

type Channels = Mapping[str, Channel]
"""Those that are on, by name, in the order of the registry."""


def channel_named(name: str) -> ChannelSpec:
    """Raises LookupError."""
    for spec in CHANNELS:
        if spec.name == name:
            return spec
    raise LookupError(f"There is no channel {name!r}.")


def models() -> dict[str, EncoderSpec]:
    """The encoder of each channel that has one here. Raises EncoderUnavailable."""
    found = ((spec.name, spec.model()) for spec in CHANNELS)
    return {name: model for name, model in found if model}


def load_channels(**encoders: EncoderSpec) -> "Channels":
    """Those that have an encoder here; `encoders` by name in place of the configured ones.

    Raises EncoderUnavailable.
    """
    chosen = models() | encoders
    return {
        spec.name: spec.make(load(chosen[spec.name])) for spec in CHANNELS if spec.name in chosen
    }


def calibrated(channels: "Channels", calibration: Calibration) -> "Channels":
    """Without those whose encoder the calibration does not know: their numbers would mean nothing."""
    return {
        name: channel
        for name, channel in channels.items()
        if calibration.knows(name, channel.encoder.spec)
    }


def generation(channel: "Channel") -> str:
    return generation_of(channel.encoder.spec)
