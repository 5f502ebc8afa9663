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
        if not self.of:
            return 0.0, 1.0
        p, n = self.value, self.of
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
