"""The benchmark's arithmetic: pure functions over measured rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

Z = 1.96  # standard errors of a 95% interval


@dataclass(frozen=True)
class Share:
    """`count` of `of`, with a 95% interval (Wilson, 1927) that also holds near 0 and 1."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return interval(self.value, self.of)


def interval(p: float, n: int) -> tuple[float, float]:
    """Returns Wilson's interval of a share of n."""
    if not n:
        return 0.0, 1.0
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half))


def micro_average_precision(scored: Sequence[tuple[float, bool]], positives: int) -> float:
    """Ranks all (score, is right) of all listings together and returns the area under precision and recall.

    `positives` counts all right pairs, found or not (as in the DISC21 protocol).
    """
    found, area = 0, 0.0
    ranked = sorted(scored, key=lambda pair: -pair[0])
    for rank, (_, right) in enumerate(ranked, 1):
        if right:
            found += 1
            area += found / rank
    return area / positives if positives else 0.0


def threshold_for(others: Sequence[float], alerts: int) -> float:
    """Returns the lowest score that at most `alerts` of the unrelated scores reach."""
    ranked = sorted(others, reverse=True)
    if alerts >= len(ranked):
        return 0.0
    return ranked[alerts] + 1e-9


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the percentile by nearest rank."""
    ranked = sorted(values)
    return ranked[max(0, ceil(share * len(ranked)) - 1)] if ranked else 0.0


def percentile_interval(values: Sequence[float], share: float) -> tuple[float, float]:
    """Returns the 95% interval of that percentile: the values at the ranks that the binomial distribution
    allows, by its normal approximation.
    """
    ranked = sorted(values)
    n = len(ranked)
    half = Z * sqrt(n * share * (1 - share))
    low, high = (round(n * share + sign * half) - 1 for sign in (-1, 1))
    return ranked[min(max(low, 0), n - 1)], ranked[min(max(high, 0), n - 1)]


def mean_interval(shares: Sequence[Share]) -> tuple[float, float]:
    """Returns the 95% interval of the mean of shares: Wilson's, for as many listings as all have together.
    The shares' sizes should be about equal.
    """
    mean = sum(share.value for share in shares) / len(shares)
    return interval(mean, sum(share.of for share in shares))
