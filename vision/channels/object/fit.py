"""Fits the object channel's part of a calibration to labelled pairs."""

from collections.abc import Sequence

import numpy as np

from vision.channels.calibration import ChannelCalibration
from vision.channels.fitting import (
    Pair,
    Truth,
    check_rising,
    enough,
    fit_weights,
    judged,
    rounded,
    strongest_per_listing,
    tail_quantile,
)
from vision.channels.object import NAME
from vision.channels.object.strength import ObjectMatch

# Share, at similarity 85, of the pictures of other objects in which a registered one is a candidate. Of
# ordinary listings it is far less: an unrelated photograph has no candidate at all.
OTHER_OBJECTS = 2 / 100
# Related pictures from any side and height, in any light and on any ground. A twentieth of them is found, and
# they would teach that the right object looks like any other.
FREE = "free-pose"
OFTEN = 0.9  # quantile of unrelated objects at 50
SURE = 0.5  # quantile of related objects at 95: more could block a listing without a person


def fit(pairs: Sequence[Pair], *, generation: str) -> ChannelCalibration | None:
    """Returns the fit. A logistic regression without negative weights joins the signs; 85 lies where an
    exponential tail, at its upper end, leaves OTHER_OBJECTS of the unrelated listings.
    """
    if not enough(pairs, NAME):
        return None
    found = [pair for pair in judged(pairs) if NAME in pair.findings and is_learnt(pair)]
    signs = np.array([match_of(pair).signs for pair in found])
    related = np.array([pair.truth == Truth.RELATED for pair in found])
    weights = fit_weights(signs, related)
    strengths = signs @ np.array(weights)
    listings = np.array([pair.listing for pair in found])
    unrelated = strongest_per_listing(listings[~related], strengths[~related])
    knots = [
        (0.0, 0.0),
        (float(np.quantile(unrelated, OFTEN)), 50.0),
        (tail_quantile(unrelated, OTHER_OBJECTS), 85.0),
    ]
    sure = max(float(np.quantile(strengths[related], SURE)), 1.2 * knots[2][0])
    knots.append((sure, 95.0))
    check_rising(knots)
    return ChannelCalibration(generation, rounded(knots), weights)


def is_learnt(pair: Pair) -> bool:
    return pair.truth != Truth.RELATED or not pair.family.startswith(FREE)


def match_of(pair: Pair) -> ObjectMatch:
    found: ObjectMatch = pair.findings[NAME]
    return found
