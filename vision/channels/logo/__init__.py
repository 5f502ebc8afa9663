"""The logo channel finds a one-colour logo in a scene: small, tilted, in any colour.

Windows at several scales retrieve logos by our own encoder. The shape of each logo is then aligned with the
ink that its window shows. The encoder only says where to look: how well the shape lies there decides.
"""

from typing import TYPE_CHECKING

from brandguard.kernel.messages import gettext_noop
from vision.channels.spec import ChannelSpec, Figure
from vision.encoders.base import Encoder
from vision.encoders.catalogue import logo_encoder_spec

if TYPE_CHECKING:
    from vision.channels.channel import Channel

NAME = "logo"


def make(encoder: Encoder) -> "Channel":
    from vision.channels.logo.channel import LogoChannel

    return LogoChannel(encoder)


SPEC = ChannelSpec(
    name=NAME,
    version=2,
    title=gettext_noop("One-colour logos"),
    unseen=gettext_noop("One-colour logos in a scene are mostly not found."),
    remedy="LOGO_ENCODER=logo",
    milliseconds=80,
    model=logo_encoder_spec,
    make=make,
    figures=(
        Figure("outline", gettext_noop("Outlines that agree"), "share"),
        Figure("overlap", gettext_noop("Ink in common"), "share"),
    ),
    meaning=gettext_noop("The registered logo lies on this picture, in whatever colour."),
    design_kinds=frozenset({"logo"}),
)
