"""From labelled evidence to a calibration: pure arithmetic.

1. A logistic regression with no negative weight joins cosine, points and cells, beyond what
   unrelated pictures reach by chance, into one strength.
2. The strengths at which unrelated listings are mistaken follow an exponential tail (peaks over a
   threshold, as in extreme-value statistics), which carries the false-alert rate from the few
   views that were measured to `VIEWS`. At 85 its upper end is `FALSE_ALERTS`.
3. The same picture re-encoded scores 97 or more: 97 stands where all but 1 in 20 of those lie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from vision.channels.evidence import Evidence
from vision.channels.similarity import signals

VIEWS = 10_000  # enrolled views that the false-alert rate is stated for
FALSE_ALERTS = 1 / 1000  # of unrelated listings, at similarity 85
TAIL = 0.1  # share of the unrelated listings that the tail is fitted to
UPPER = 1.645  # standard errors: the upper end of a one-sided 95% interval
CHANCE_INLIERS = 1 / 10_000  # share of unrelated pairs that may have more
CHANCE_CELLS = 1 / 1000  # likewise: plain grounds and round marks lie on each other well
# Share of a brand's other products that may be called the registered design, by a tail likewise. Five
# in a hundred are allowed; a calibration sees the products of a few brands, and others' are nearer.
SIBLINGS = 0.005

OTHER_PICTURES = ("shop-photo", "turntable")

type Values = NDArray[np.float64]


class Truth(StrEnum):
    RELATED = "related"
    SIBLING = "sibling"  # another product of the brand: neither right nor wrong
    UNRELATED = "unrelated"


@dataclass(frozen=True)
class Pair:
    """One listing against one view. `family` is the listing's."""

    family: str
    listing: int
    evidence: Evidence
    truth: Truth


@dataclass(frozen=True)
class Fit:
    weights: tuple[float, float, float]
    knots: tuple[tuple[float, float], ...]
    chance_inliers: int
    chance_cells: float
    copy_exactness: float
    design_exactness: float


def fit(measured: Sequence[Pair], *, views: int) -> Fit:
    """`views` is how many were enrolled when the pairs were measured."""
    pairs = [pair for pair in measured if pair.truth != Truth.SIBLING]
    related = np.array([pair.truth == Truth.RELATED for pair in pairs])
    check_families(pairs)
    inliers, cells = chance(pairs)
    matrix = np.array(
        [
            signals(pair.evidence, chance_inliers=inliers, chance_cells=cells).terms()
            for pair in pairs
        ]
    )
    cosine, points, in_place = fit_weights(matrix, related)
    weights = (cosine, points, in_place)
    strengths = matrix @ np.array(weights)
    listings = np.array([pair.listing for pair in pairs])
    unrelated = strongest_per_listing(listings[~related], strengths[~related])
    reencoded = related & np.array([pair.family == "edit-jpeg-85" for pair in pairs])
    knots = [
        (0.0, 0.0),
        (float(np.quantile(unrelated, 0.95)), 50.0),
        (tail_quantile(unrelated, FALSE_ALERTS * views / VIEWS), 85.0),
        (float(np.quantile(strengths[reencoded], 0.05)), 97.0),
        (float(strengths[related].max()), 100.0),
    ]
    check_rising(knots)
    copies = split_copies(pairs)
    siblings = split_siblings(measured, chance_inliers=inliers, chance_cells=cells)
    return Fit(
        weights=weights,
        knots=tuple((round(x, 6), y) for x, y in knots),
        chance_inliers=inliers,
        chance_cells=round(cells, 4),
        copy_exactness=round(copies, 4),
        design_exactness=round(min(siblings, copies), 4),
    )


def check_families(pairs: Sequence[Pair]) -> None:
    present = {pair.family for pair in pairs if pair.truth == Truth.RELATED}
    if missing := {"edit-jpeg-85", "shop-photo"} - present:
        raise ValueError(f"The folder has no pairs of the families {', '.join(sorted(missing))}.")
    if all(pair.truth == Truth.RELATED for pair in pairs):
        raise ValueError("The folder has no unrelated listings.")


def fit_weights(x: Values, related: NDArray[np.bool_]) -> tuple[float, ...]:
    """One of each column, none negative. Related and unrelated pairs count the same in sum."""
    y = related.astype(float)
    balance = np.where(related, 0.5 / y.mean(), 0.5 / (1 - y.mean()))

    def loss(w: Values) -> float:
        z = x @ w[:-1] + w[-1]
        return float((balance * (np.logaddexp(0, z) - y * z)).mean() + 1e-4 * (w[:-1] ** 2).sum())

    columns = x.shape[1]
    start = np.array([1.0] * columns + [-1.0])
    bounds = [(0, None)] * columns + [(None, None)]
    return tuple(minimize(loss, start, bounds=bounds).x[:-1].round(6).tolist())


def strongest_per_listing(listings: NDArray[np.int64], strengths: Values) -> Values:
    best: dict[int, float] = {}
    for listing, strength in zip(listings.tolist(), strengths.tolist(), strict=True):
        best[listing] = max(strength, best.get(listing, 0.0))
    return np.array(sorted(best.values()), float)


def tail_quantile(values: Values, exceeding: float) -> float:
    """Where at most the share `exceeding` lies above, by an exponential tail over the top `TAIL`:
    its scale is the upper end of what those values bear out.
    """
    start = float(np.quantile(values, 1 - TAIL))
    beyond = values[values > start] - start
    scale = float(beyond.mean()) * (1 + UPPER / len(beyond) ** 0.5) if len(beyond) else 0.0
    return start + scale * log(TAIL / exceeding)


def chance(pairs: Sequence[Pair]) -> tuple[int, float]:
    """Inliers and cells that pictures which share nothing have."""
    found = [pair.evidence for pair in pairs if pair.truth == Truth.UNRELATED]
    inliers = np.array([evidence.inliers for evidence in found])
    cells = np.array([e.agreement.in_place * e.agreement.exactness**2 for e in found])
    return (
        int(np.quantile(inliers, 1 - CHANCE_INLIERS, method="higher")),
        float(np.quantile(cells, 1 - CHANCE_CELLS)),
    )


def split_copies(pairs: Sequence[Pair]) -> float:
    """The exactness that best tells edits of the picture from other pictures of the product."""
    right = [pair for pair in pairs if pair.truth == Truth.RELATED and pair.evidence.geometry]
    exactness = np.array([pair.evidence.agreement.exactness for pair in right])
    copies = np.array([pair.family.startswith("edit-") for pair in right])
    others = np.array([pair.family.startswith(OTHER_PICTURES) for pair in right])
    tried = np.linspace(0, 1, 201)
    told = [(exactness[copies] >= t).mean() + (exactness[others] < t).mean() for t in tried]
    return float(tried[int(np.argmax(told))])


def split_siblings(pairs: Sequence[Pair], *, chance_inliers: int, chance_cells: float) -> float:
    """The exactness that only SIBLINGS of the brand's other products reach; 0 without any."""
    best: dict[int, float] = {}
    for pair in pairs:
        if pair.truth == Truth.SIBLING:
            found = signals(pair.evidence, chance_inliers=chance_inliers, chance_cells=chance_cells)
            confirmed = found.points > 0 or found.cells > 0
            exactness = pair.evidence.agreement.exactness if confirmed else 0.0
            best[pair.listing] = max(exactness, best.get(pair.listing, 0.0))
    return tail_quantile(np.array(list(best.values())), SIBLINGS) if best else 0.0


def check_rising(knots: Sequence[tuple[float, float]]) -> None:
    xs = [x for x, _ in knots]
    if not all(later > earlier for earlier, later in pairwise(xs)):  # so that NaN is refused too
        raise ValueError(
            f"The strengths at similarity 0, 50, 85, 97, 100 do not rise: {xs}. "
            "The folder's unrelated listings are too much like its designs, or too few."
        )
