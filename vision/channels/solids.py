"""The object lane: a solid thing photographed from another side.

No plane confirms it, so three things must agree: that copy detection finds it alike at all, that an
encoder of things does, and that it has the colours of the registered view. What the three say is a
resemblance. A thing turned and in other colours is not found; decision 17 has what that costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from uuid import UUID

from vision.encoders.base import Encoder, Vectors
from vision.pictures.decode import Picture

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


def nearest_solids(
    picture: Picture, registered: Mapping[UUID, Vectors], encoder: Encoder
) -> dict[UUID, float]:
    """Of the registered views those that the picture may show from another side, nearest first, with the
    cosine.
    """
    own = encoder.embed([picture])[0]
    cosines = {view: float(vector @ own) for view, vector in registered.items()}
    alike = [view for view, cosine in cosines.items() if cosine >= NEARLY * SOLID]
    return {view: cosines[view] for view in sorted(alike, key=lambda view: -cosines[view])}
