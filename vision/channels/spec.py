"""A channel's spec, light enough for processes that load no encoder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from vision.encoders.base import Encoder, EncoderSpec


class MatchKind(StrEnum):
    """The kinds of match, which the law treats differently."""

    COPY = "copy"  # the same picture or an edit of it
    SAME_DESIGN = "same_design"  # another picture of the registered product or logo
    RESEMBLANCE = "resemblance"  # strong likeness that geometry does not confirm


@dataclass(frozen=True)
class Figure:
    """A number of the evidence for the reviewer. `unit` says how it is formatted."""

    name: str
    label: str
    unit: Literal["cosine", "share", "points"]


@dataclass(frozen=True)
class ChannelSpec:
    """One way in which a design can appear in a picture.

    Texts are English and marked for translation; the screens that show them translate them.

    Attributes:
        name: Stored with matches; never changes.
        version: Raised whenever the same picture may get another answer from the same register.
        title: What the channel looks for.
        unseen: What is not found while the channel is off.
        remedy: How to switch it on.
        milliseconds: Time for one listing picture on one core, at the median of docs/benchmark.md, where
            designs of its kinds are registered.
        model: The encoder whose vectors are enrolled; None where it is not installed or is switched off,
            which switches the channel off. Raises EncoderUnavailable.
        make: Returns the channel with that encoder loaded: a vision.channels.channel.Channel, which is
            not imported here because it loads OpenCV.
        figures: The numbers of its evidence that a reviewer reads, most telling first.
        meaning: What a match of the channel means; empty where the match kind says it.
        design_kinds: The kinds of design that it serves; None for all.
        verifies_all: Whether it verifies every candidate, whichever channel retrieved it.
        is_searched: Whether its vectors are searched in their own index; otherwise they are only read by
            view.
        is_required: Whether matching stops without it.
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
"""The values by the names of the spec's figures, and further values that are stored for later use."""
