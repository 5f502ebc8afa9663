"""Labelled pairs, and the arithmetic that channels share to fit their part of a calibration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.channels.calibration import Knots

FALSE_ALERTS = 1 / 1000  # share of unrelated listings at similarity 85
TAIL = 0.1  # share of the unrelated listings to which an exponential tail is fitted
UPPER = 1.645  # standard errors: upper end of a one-sided 95% interval
FEWEST = 20  # related pairs, and unrelated ones, below which a channel stays off

type Values = NDArray[np.float64]


class Truth(StrEnum):
    RELATED = "related"
    SIBLING = "sibling"  # another product of the brand: neither right nor wrong
    UNRELATED = "unrelated"


@dataclass(frozen=True)
class Pair:
    """One listing against one view. `family` is that of the listing; `findings` are by channel."""

    family: str
    listing: int
    findings: Mapping[str, Any]
    truth: Truth


def judged(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.truth != Truth.SIBLING]


def enough(pairs: Sequence[Pair], channel: str) -> bool:
    """Whether the channel has findings for enough pairs of both kinds."""
    found = [pair for pair in judged(pairs) if pair.findings.get(channel)]
    related = sum(pair.truth == Truth.RELATED for pair in found)
    return min(related, len(found) - related) >= FEWEST


def strongest(pairs: Sequence[Pair], strength: Callable[[Pair], float]) -> Values:
    """Returns, for each unrelated listing, the strength of its strongest false match."""
    unrelated = [pair for pair in pairs if pair.truth == Truth.UNRELATED]
    return strongest_per_listing(
        np.array([pair.listing for pair in unrelated]),
        np.array([strength(pair) for pair in unrelated]),
    )


def strongest_per_listing(listings: NDArray[np.int64], strengths: Values) -> Values:
    best: dict[int, float] = {}
    for listing, strength in zip(listings.tolist(), strengths.tolist(), strict=True):
        best[listing] = max(strength, best.get(listing, 0.0))
    return np.array(sorted(best.values()), float)


def fit_weights(x: Values, related: NDArray[np.bool_]) -> tuple[float, ...]:
    """Fits a logistic regression: one weight for each column, none negative. Related and unrelated pairs
    have the same total weight.
    """
    from scipy.optimize import minimize  # takes hundreds of milliseconds; only calibration needs it

    y = related.astype(float)
    balance = np.where(related, 0.5 / y.mean(), 0.5 / (1 - y.mean()))

    def loss(w: Values) -> float:
        z = x @ w[:-1] + w[-1]
        return float((balance * (np.logaddexp(0, z) - y * z)).mean() + 1e-4 * (w[:-1] ** 2).sum())

    columns = x.shape[1]
    start = np.array([1.0] * columns + [-1.0])
    bounds = [(0, None)] * columns + [(None, None)]
    return tuple(minimize(loss, start, bounds=bounds).x[:-1].round(6).tolist())


def tail_quantile(values: Values, exceeding: float) -> float:
    """Returns the value that at most the share `exceeding` lies above, by an exponential tail over the top
    `TAIL`. Its scale is the upper end of what these values support (peaks over threshold, from extreme-value
    statistics).
    """
    start = float(np.quantile(values, 1 - TAIL))
    beyond = values[values > start] - start
    scale = float(beyond.mean()) * (1 + UPPER / len(beyond) ** 0.5) if len(beyond) else 0.0
    return start + scale * log(TAIL / exceeding)


def check_rising(knots: Sequence[tuple[float, float]]) -> None:
    """Raises ValueError unless the strengths rise."""
    xs = [x for x, _ in knots]
    # written so that NaN is refused too
    if not all(later > earlier for earlier, later in pairwise(xs)):
        raise ValueError(
            f"The strengths at similarity 0, 50, 85, 97, 100 do not rise: {xs}. "
            "The folder's unrelated listings are too much like its designs, or too few."
        )


def rounded(knots: Sequence[tuple[float, float]]) -> Knots:
    return tuple((round(x, 6), y) for x, y in knots)
