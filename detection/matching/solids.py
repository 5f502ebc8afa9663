"""The object lane: a solid thing photographed from another side.

No plane confirms it, so three things must agree: that copy detection finds it alike at all, that an
encoder of things does, and that it has the colours of the registered view. What the three say is a
resemblance. A thing turned and in other colours is not found; decision 17 has what that costs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import prod
from uuid import UUID

from fingerprints.encoders.base import Encoder, Vectors
from fingerprints.images.colours import Colours, colours_of, in_common
from fingerprints.images.decode import Picture

# What each must reach. Measured: turned by up to 45 degrees, registered things have 0.31, 0.71 and
# 0.81 at the least on the same view; another tin of the same shape 0.50, 0.81 and 0.67 at the most.
ALIKE, SOLID, COLOURS = 0.30, 0.70, 0.74
WEAKEST = 0.7  # what the weakest sign counts; all three together count the rest
NEARLY = 0.8  # of these: from there a pair is kept as evidence
MOST = 6  # views that are looked at


@dataclass(frozen=True)
class Solid:
    """`cosine` of the object lane's encoder, whole pictures; `colours` that both have in common."""

    cosine: float
    colours: float

    def strength(self, alike: float) -> float:
        """Mostly of the weakest of the three, by what it must reach, and for the rest of all of them
        (their geometric mean). `alike` is the cosine of copy detection.
        """
        signs = [max(0.0, alike) / ALIKE, max(0.0, self.cosine) / SOLID, self.colours / COLOURS]
        return WEAKEST * min(signs) + (1 - WEAKEST) * prod(signs) ** (1 / 3)


def solids(
    picture: Picture,
    registered: Mapping[UUID, Vectors],
    colours_of_view: Callable[[UUID], Colours],
    encoder: Encoder,
) -> dict[UUID, Solid]:
    """Of the registered views those that the picture may show from another side, nearest first."""
    own, theirs = encoder.embed([picture])[0], colours_of(picture)
    cosines = {view: float(vector @ own) for view, vector in registered.items()}
    nearest = sorted(cosines, key=lambda view: -cosines[view])
    return {
        view: Solid(cosines[view], in_common(theirs, colours_of_view(view)))
        for view in nearest[:MOST]
        if cosines[view] >= NEARLY * SOLID
    }


def worth_embedding(cosines: Iterable[tuple[UUID, float]]) -> list[UUID]:
    """Views that copy detection finds alike enough for the lane to say anything about."""
    return [view for view, cosine in cosines if cosine >= NEARLY * ALIKE]
