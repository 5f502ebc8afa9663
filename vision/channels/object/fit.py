"""From labelled pairs to the object channel's part of a calibration."""

from collections.abc import Sequence

from vision.channels.calibration import ChannelCalibration
from vision.channels.fitting import Pair, enough, rounded, strongest
from vision.channels.object import NAME
from vision.channels.object.spec import SPEC

BEYOND = 1.02  # of the strongest unrelated object, where that reaches what the signs must
SURE = 1.35  # strength of an object at 95: more is never blocked without a person


def fit(pairs: Sequence[Pair], *, generation: str) -> ChannelCalibration | None:
    """What each of the three signs must reach is fixed, and 85 stands there, or beyond what anything
    unrelated reached. No tail carries that to more things: most listings have no sign at all, and
    the few that have are of a handful of things.
    """
    if not enough(pairs, NAME):
        return None
    held = max(1.0, BEYOND * float(strongest(pairs, strength).max(initial=0.0)))
    knots = [(0.0, 0.0), (SPEC.nearly, 50.0), (held, 85.0), (max(SURE, held + 0.1), 95.0)]
    return ChannelCalibration(generation, rounded(knots))


def strength(pair: Pair) -> float:
    found = pair.findings.get(NAME)
    return float(found.strength) if found else 0.0
