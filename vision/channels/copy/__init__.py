"""The copy channel finds the same picture, an edit of it, or another picture of the same surface.

A copy-detection encoder and local features retrieve. Points that agree on one homography and patches that
are in their place verify.
"""

from typing import TYPE_CHECKING

from brandguard.kernel.messages import gettext_noop
from vision.channels.spec import ChannelSpec, Figure
from vision.configuration import configuration
from vision.encoders.base import Encoder, EncoderSpec
from vision.encoders.catalogue import spec_of

if TYPE_CHECKING:
    from vision.channels.channel import Channel

NAME = "copy"


def model() -> EncoderSpec:
    return spec_of(configuration().encoder)


def make(encoder: Encoder) -> "Channel":
    from vision.channels.copy.channel import CopyChannel

    return CopyChannel(encoder)


SPEC = ChannelSpec(
    name=NAME,
    version=5,
    title=gettext_noop("Pictures and packaging"),
    unseen=gettext_noop("Nothing at all is matched."),
    remedy="ENCODER",
    milliseconds=160,
    model=model,
    make=make,
    figures=(
        Figure("cosine", gettext_noop("Likeness (cosine)"), "cosine"),
        Figure("inliers", gettext_noop("Matched points"), "points"),
    ),
    verifies_all=True,
    is_required=True,
)
