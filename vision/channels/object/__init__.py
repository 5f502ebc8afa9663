"""The object channel finds a solid object photographed from another side.

No plane confirms it, so four signs are weighed by a fitted model: copy detection and the object encoder find
it more alike than they find other objects, print and parts are in their places, and it has the colours of the
view. The first three do not need its colours. Together they show a resemblance (docs/decisions/0017).

Packaging is not served: packages of one shape differ by their print alone, which the copy channel compares.
"""

from typing import TYPE_CHECKING

from brandguard.kernel.messages import gettext_noop
from vision.channels.spec import ChannelSpec, Figure
from vision.encoders.base import Encoder
from vision.encoders.catalogue import object_encoder_spec

if TYPE_CHECKING:
    from vision.channels.channel import Channel

NAME = "object"


def make(encoder: Encoder) -> "Channel":
    from vision.channels.object.channel import ObjectChannel

    return ObjectChannel(encoder)


SPEC = ChannelSpec(
    name=NAME,
    version=2,
    title=gettext_noop("Solid goods from any side"),
    unseen=gettext_noop("Solid goods photographed from another side are not found."),
    remedy="OBJECT_ENCODER",
    milliseconds=45,
    model=object_encoder_spec,
    make=make,
    figures=(
        Figure("likeness", gettext_noop("Likeness (cosine)"), "cosine"),
        Figure("cosine", gettext_noop("As a thing (cosine)"), "cosine"),
        Figure("points", gettext_noop("Matched points"), "points"),
        Figure("colours", gettext_noop("Colours in common"), "share"),
    ),
    meaning=gettext_noop(
        "A solid thing, perhaps from another side or in other colours: for your eyes."
    ),
    design_kinds=frozenset({"object"}),
    is_searched=False,
)
