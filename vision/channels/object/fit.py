"""Fits the object channel's part of a calibration to labelled pairs."""

from collections.abc import Sequence

from vision.channels.calibration import ChannelCalibration
from vision.channels.fitting import Pair, enough, rounded, strongest
from vision.channels.object import NAME
from vision.channels.object.spec import SPEC

# factor on the strongest unrelated object, where that passes the thresholds of the signs
BEYOND = 1.02
SURE = 1.35  # strength of an object at 95: above it a listing could be blocked without a person


def fit(pairs: Sequence[Pair], *, generation: str) -> ChannelCalibration | None:
    """Returns the fit. The thresholds of the three signs are fixed; similarity 85 lies there, or above
    everything unrelated. No tail extends this to more objects: most listings show no sign, and the few that
    do show a handful of objects.
    """
    if not enough(pairs, NAME):
        return None
    held = max(1.0, BEYOND * float(strongest(pairs, strength).max(initial=0.0)))
    knots = [(0.0, 0.0), (SPEC.nearly, 50.0), (held, 85.0), (max(SURE, held + 0.1), 95.0)]
    return ChannelCalibration(generation, rounded(knots))


def strength(pair: Pair) -> float:
    found = pair.findings.get(NAME)
    return float(found.strength) if found else 0.0
