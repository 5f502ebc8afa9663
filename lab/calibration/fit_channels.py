"""From labelled evidence to the maps of the lanes of solids and marks: pure arithmetic.

Each lane is for designs of its own kinds and is held to a rate of false alerts by itself, so that
switching it on adds nothing to what designs of another kind are mistaken for.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import genpareto

from lab.calibration.fit import (
    FALSE_ALERTS,
    Pair,
    Truth,
    check_rising,
    fit_weights,
    strongest_per_listing,
)
from vision.channels.channel import Lane
from vision.channels.encoders import Lanes
from vision.channels.similarity import LaneMap, mark_strength, mark_terms
from vision.channels.solids import NEARLY

MARK_TAIL = 0.3  # share of the unrelated listings that the tail is fitted to
LANE_VIEWS = 1_000  # enrolled marks that the rate of false alerts is stated for
BEYOND = 1.02  # of the strongest unrelated solid, where that reaches what the signs must
SURE_SOLID = 1.35  # strength of a solid at 95: more is never blocked without a person
SURE_MARK = 96.0  # similarity of the strongest marks, for the same reason
FEWEST = 20  # related pairs, and unrelated ones, without which a lane stays off

type Values = NDArray[np.float64]
type Knots = tuple[tuple[float, float], ...]


def fit_lanes(
    pairs: Sequence[Pair], enrolled: Mapping[Lane, int], lanes: Lanes
) -> dict[str, LaneMap]:
    """By the name of the calibration's field. `enrolled` is how many views were, by lane. A lane of
    which the folder shows too little has no map, and so is off.
    """
    found: dict[str, LaneMap] = {}
    judged = [pair for pair in pairs if pair.truth != Truth.SIBLING]
    if lanes.objects and enough([pair for pair in judged if pair.evidence.solid]):
        knots = fit_objects(judged)
        found["objects"] = LaneMap(lanes.objects_generation, knots)
    if lanes.marks and enough([pair for pair in judged if pair.evidence.mark]):
        weights, knots = fit_marks(judged, enrolled[Lane.MARK])
        found["marks"] = LaneMap(lanes.marks_generation, knots, weights)
    return found


def enough(pairs: Sequence[Pair]) -> bool:
    related = sum(pair.truth == Truth.RELATED for pair in pairs)
    return min(related, len(pairs) - related) >= FEWEST


def fit_objects(pairs: Sequence[Pair]) -> Knots:
    """What each of the three signs must reach is fixed, and 85 stands there, or beyond what anything
    unrelated reached. No tail carries that to more things: most listings have no sign at all, and
    the few that have are of a handful of things.
    """
    held = max(1.0, BEYOND * float(strongest(pairs, solid_strength).max(initial=0.0)))
    return rounded([(0.0, 0.0), (NEARLY, 50.0), (held, 85.0), (max(SURE_SOLID, held + 0.1), 95.0)])


def solid_strength(pair: Pair) -> float:
    solid = pair.evidence.solid
    return solid.strength(pair.evidence.cosine) if solid else 0.0


def fit_marks(pairs: Sequence[Pair], views: int) -> tuple[tuple[float, ...], Knots]:
    looked_at = [pair for pair in pairs if pair.evidence.mark]
    terms = np.array([mark_terms(pair.evidence.mark) for pair in looked_at if pair.evidence.mark])
    related = np.array([pair.truth == Truth.RELATED for pair in looked_at])
    weights = fit_weights(terms, related)

    def strength(pair: Pair) -> float:
        return mark_strength(weights, pair.evidence.mark) if pair.evidence.mark else 0.0

    mistaken = strongest(pairs, strength)
    knots = [
        (0.0, 0.0),
        (float(np.quantile(mistaken, 0.95)), 50.0),
        (bounded_tail_quantile(mistaken, FALSE_ALERTS * views / LANE_VIEWS), 85.0),
        (float((terms[related] @ np.array(weights)).max()), SURE_MARK),
    ]
    check_rising(knots)
    return weights, rounded(knots)


def bounded_tail_quantile(values: Values, exceeding: float) -> float:
    """Where at most the share `exceeding` lies above, by a generalised Pareto tail over the top
    MARK_TAIL. Outlines agree in full at the most, so the tail of a mark's strength ends: an exponential
    one, as the lane of pictures has, would ask for more than the right marks have. Never below what
    was seen.
    """
    start = float(np.quantile(values, 1 - MARK_TAIL))
    beyond = values[values > start] - start
    if not len(beyond):
        return start
    shape, _, scale = genpareto.fit(beyond, floc=0)
    ends = start + float(genpareto.ppf(1 - exceeding / MARK_TAIL, min(shape, 0.0), scale=scale))
    return max(ends, float(values.max()))


def strongest(pairs: Sequence[Pair], strength: Callable[[Pair], float]) -> Values:
    """Of every listing that shows something else, what it is most mistaken for."""
    unrelated = [pair for pair in pairs if pair.truth == Truth.UNRELATED]
    return strongest_per_listing(
        np.array([pair.listing for pair in unrelated]),
        np.array([strength(pair) for pair in unrelated]),
    )


def rounded(knots: Sequence[tuple[float, float]]) -> Knots:
    return tuple((round(x, 6), y) for x, y in knots)
