"""From labelled evidence to a calibration: pure arithmetic.

1. A logistic regression with no negative weight joins cosine and inliers, beyond what unrelated
   pictures reach by chance, into one strength.
2. The strengths at which unrelated listings are mistaken follow an exponential tail (peaks over a
   threshold, as in extreme-value statistics), which carries the false-alert rate from the few
   views that were measured to `VIEWS`. At 85 it is `FALSE_ALERTS`.
3. The same picture re-encoded scores 97 or more: 97 stands where all but 1 in 20 of those lie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

VIEWS = 10_000  # enrolled views that the false-alert rate is stated for
FALSE_ALERTS = 1 / 1000  # of unrelated listings, at similarity 85
TAIL = 0.1  # share of the unrelated listings that the tail is fitted to
SPURIOUS = 1 / 10_000  # share of unrelated pairs that may pass for confirmed by geometry

type Values = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One listing against one view. `family` is the listing's; `related` the truth."""

    family: str
    listing: int
    cosine: float
    inliers: int
    related: bool


@dataclass(frozen=True)
class Fit:
    cosine_weight: float
    inlier_weight: float
    knots: tuple[tuple[float, float], ...]
    spurious_inliers: int
    copy_cosine: float


def fit(pairs: Sequence[Pair], *, views: int) -> Fit:
    """`views` is how many were enrolled when the pairs were measured."""
    check_families(pairs)
    spurious = spurious_inliers(pairs)
    matrix = design_matrix(pairs, spurious)
    related = np.array([pair.related for pair in pairs])
    weights = fit_weights(matrix, related)
    strengths = matrix @ np.array(weights)
    listings = np.array([pair.listing for pair in pairs])
    unrelated = strongest_per_listing(listings[~related], strengths[~related])
    reencoded = related & np.array([pair.family == "edit-jpeg-85" for pair in pairs])
    at_85 = tail_quantile(unrelated, FALSE_ALERTS * views / VIEWS)
    at_97 = float(np.quantile(strengths[reencoded], 0.05))
    top = float(strengths[related].max())
    knots = [
        (0.0, 0.0),
        (float(np.quantile(unrelated, 0.95)), 50.0),
        (at_85, 85.0),
        (at_97, 97.0),
        (top, 100.0),
    ]
    check_rising(knots)
    return Fit(
        cosine_weight=round(weights[0], 6),
        inlier_weight=round(weights[1], 6),
        knots=tuple((round(x, 6), y) for x, y in knots),
        spurious_inliers=spurious,
        copy_cosine=round(split_copies(pairs), 4),
    )


def check_families(pairs: Sequence[Pair]) -> None:
    present = {pair.family for pair in pairs if pair.related}
    if missing := {"edit-jpeg-85", "shop-photo"} - present:
        raise ValueError(f"The folder has no pairs of the families {', '.join(sorted(missing))}.")
    if all(pair.related for pair in pairs):
        raise ValueError("The folder has no unrelated listings.")


def design_matrix(pairs: Sequence[Pair], spurious: int) -> Values:
    """Cosine, and ln(1 + inliers beyond the spurious)."""
    return np.array(
        [(pair.cosine, np.log1p(max(0, pair.inliers - spurious))) for pair in pairs], float
    )


def fit_weights(x: Values, related: NDArray[np.bool_]) -> tuple[float, float]:
    """Related and unrelated pairs count the same in sum."""
    y = related.astype(float)
    balance = np.where(related, 0.5 / y.mean(), 0.5 / (1 - y.mean()))

    def loss(w: Values) -> float:
        z = x @ w[:2] + w[2]
        return float((balance * (np.logaddexp(0, z) - y * z)).mean() + 1e-4 * (w[:2] ** 2).sum())

    found = minimize(loss, np.array([1.0, 1.0, -1.0]), bounds=[(0, None), (0, None), (None, None)])
    cosine_weight, inlier_weight, _ = found.x.tolist()
    return cosine_weight, inlier_weight


def strongest_per_listing(listings: NDArray[np.int64], strengths: Values) -> Values:
    best: dict[int, float] = {}
    for listing, strength in zip(listings.tolist(), strengths.tolist(), strict=True):
        best[listing] = max(strength, best.get(listing, 0.0))
    return np.array(sorted(best.values()), float)


def tail_quantile(values: Values, exceeding: float) -> float:
    """Where only the share `exceeding` lies above, by an exponential tail over the top `TAIL`."""
    start = float(np.quantile(values, 1 - TAIL))
    scale = float((values[values > start] - start).mean())
    return start + scale * log(TAIL / exceeding)


def spurious_inliers(pairs: Sequence[Pair]) -> int:
    unrelated = np.array([pair.inliers for pair in pairs if not pair.related])
    return int(np.quantile(unrelated, 1 - SPURIOUS, method="higher"))


def split_copies(pairs: Sequence[Pair]) -> float:
    """The cosine that best tells edits of the picture from other photographs of the product."""
    copies = np.array([p.cosine for p in pairs if p.related and p.family.startswith("edit-")])
    others = np.array([p.cosine for p in pairs if p.related and p.family == "shop-photo"])
    tried = np.linspace(0, 1, 201)
    right = [(copies >= t).mean() + (others < t).mean() for t in tried]
    return float(tried[int(np.argmax(right))])


def check_rising(knots: Sequence[tuple[float, float]]) -> None:
    xs = [x for x, _ in knots]
    if not all(later > earlier for earlier, later in pairwise(xs)):  # so that NaN is refused too
        raise ValueError(
            f"The strengths at similarity 0, 50, 85, 97, 100 do not rise: {xs}. "
            "The folder's unrelated listings are too much like its designs, or too few."
        )
