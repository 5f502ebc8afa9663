"""A fourth channel, for test_fourth_channel.py: pictures of the same mean colour."""

from typing import TYPE_CHECKING

from tests.fake_encoder import SPEC as FAKE
from vision.channels.spec import ChannelSpec, Figure
from vision.encoders.base import Encoder, EncoderSpec

if TYPE_CHECKING:
    from vision.channels.channel import Channel

NAME = "tone"


def model() -> EncoderSpec:
    from tests.toy_channel.channel import TONES

    return TONES


def make(encoder: Encoder) -> "Channel":
    from tests.toy_channel.channel import ToneChannel

    return ToneChannel(encoder)


SPEC = ChannelSpec(
    name=NAME,
    version=1,
    title="Pictures of one tone",
    unseen="Pictures of the same tone are not found.",
    remedy=f"Install {FAKE.package}",
    milliseconds=1,
    model=model,
    make=make,
    figures=(Figure("cosine", "Tone in common", "share"),),
    meaning="Both pictures have the same tone.",
    design_kinds=frozenset({"photo"}),
)
