"""What a channel says of itself, light enough for processes that load no encoder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from vision.encoders.base import Encoder, EncoderSpec


class MatchKind(StrEnum):
    """What kind of match it is, because the law differs."""

    COPY = "copy"  # the very picture or an edit of it
    SAME_DESIGN = "same_design"  # another picture of the registered product or logo
    RESEMBLANCE = "resemblance"  # strong likeness that geometry does not confirm


@dataclass(frozen=True)
class Figure:
    """A number of the evidence that a reviewer reads. `unit` says how it is written."""

    name: str
    label: str
    unit: Literal["cosine", "share", "points"]


@dataclass(frozen=True)
class ChannelSpec:
    """One way in which a design can be in a picture.

    Texts are English, marked for translation; whoever shows them translates them.

    Attributes:
        name: Stored with matches; never changes.
        version: Raised whenever the same picture may get another answer from what is registered.
        title: What the channel looks for.
        unseen: What is not found while the channel is off.
        remedy: How to switch it on.
        milliseconds: Time for one listing picture on one core, at the median of
            docs/benchmark.md, where something of its kinds is registered.
        model: The encoder whose vectors are enrolled; None where it is not installed or switched
            off, and the channel with it. Raises EncoderUnavailable.
        make: The channel with that encoder; a vision.channels.channel.Channel, which is not imported
            here as it loads OpenCV.
        figures: What a reviewer reads of its evidence, most telling first.
        meaning: What a match of the channel means; empty where its kind says it.
        design_kinds: Those that it is for; None for all.
        verifies_all: It verifies every candidate, whichever channel retrieved it.
        is_searched: Its vectors are searched in an index of their own; otherwise they are only
            read by view.
        is_required: Without it nothing is matched.
    """

    name: str
    version: int
    title: str
    unseen: str
    remedy: str
    milliseconds: int
    model: Callable[[], EncoderSpec | None]
    make: Callable[[Encoder], Any]
    figures: tuple[Figure, ...]
    meaning: str = ""
    design_kinds: frozenset[str] | None = None
    verifies_all: bool = False
    is_searched: bool = True
    is_required: bool = False

    def serves(self, design_kind: str) -> bool:
        return self.design_kinds is None or design_kind in self.design_kinds


type Figures = Mapping[str, float]
"""By the names of the spec's figures, and further ones that are kept for later."""
