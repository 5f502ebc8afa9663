"""Fits the logo channel's part of a calibration to labelled pairs."""

from collections.abc import Sequence

import numpy as np

from vision.channels.calibration import ChannelCalibration
from vision.channels.fitting import (
    FALSE_ALERTS,
    Pair,
    Truth,
    Values,
    check_rising,
    enough,
    fit_weights,
    judged,
    rounded,
    strongest,
)
from vision.channels.logo import NAME
from vision.channels.logo.strength import strength, terms

TAIL = 0.3  # share of the unrelated listings to which the tail is fitted
VIEWS = 10_000  # enrolled logos for which the false-alert rate is stated
# similarity of the strongest logos: above it a listing could be blocked without a person
SURE = 96.0


def fit(measured: Sequence[Pair], *, generation: str, views: int) -> ChannelCalibration | None:
    """The channel has its own false-alert rate, so that switching it on adds nothing to the false alerts of
    other channels. Raises ValueError.
    """
    pairs = judged(measured)
    if not enough(pairs, NAME):
        return None
    looked_at = [pair for pair in pairs if pair.findings.get(NAME)]
    matrix = np.array([terms(pair.findings[NAME]) for pair in looked_at])
    related = np.array([pair.truth == Truth.RELATED for pair in looked_at])
    weights = fit_weights(matrix, related)

    def strength_of(pair: Pair) -> float:
        found = pair.findings.get(NAME)
        return strength(found, weights) if found else 0.0

    mistaken = strongest(pairs, strength_of)
    knots = [
        (0.0, 0.0),
        (float(np.quantile(mistaken, 0.95)), 50.0),
        (bounded_tail_quantile(mistaken, FALSE_ALERTS * views / VIEWS), 85.0),
        (float((matrix[related] @ np.array(weights)).max()), SURE),
    ]
    check_rising(knots)
    return ChannelCalibration(generation, rounded(knots), weights)


def bounded_tail_quantile(values: Values, exceeding: float) -> float:
    """Returns the value that at most the share `exceeding` lies above, by a generalised Pareto tail over the
    top TAIL, and never less than the greatest value. Outlines cannot agree beyond the full outline, so the
    tail of a logo's strength ends: an exponential tail, as in the copy channel, would ask for more than the
    right logos have.
    """
    from scipy.stats import genpareto  # takes a second; only calibration needs it

    start = float(np.quantile(values, 1 - TAIL))
    beyond = values[values > start] - start
    if not len(beyond):
        return start
    shape, _, scale = genpareto.fit(beyond, floc=0)
    ends = start + float(genpareto.ppf(1 - exceeding / TAIL, min(shape, 0.0), scale=scale))
    return max(ends, float(values.max()))
