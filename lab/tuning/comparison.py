"""Compares how well two encoders find edited designs on which neither was trained."""

from dataclasses import dataclass

import numpy as np

from lab.benchmark.statistics import micro_average_precision
from lab.tuning.catalogue import Examples

FALSE = 0.01  # share of the edits that may match a wrong design


@dataclass(frozen=True)
class Found:
    """`recall` of the right design, ranked first and above what 1 in 100 edits reaches with a wrong one; the
    area under precision and recall; the worst family with its recall.
    """

    recall: float
    micro_average_precision: float
    worst_family: str
    worst: float

    def better_than(self, other: "Found") -> bool:
        """Whether one figure is better and neither is worse."""
        ours, theirs = ((one.recall, one.micro_average_precision) for one in (self, other))
        return all(a >= b for a, b in zip(ours, theirs, strict=True)) and ours != theirs


def found(examples: Examples) -> Found:
    likeness = examples.edits @ examples.designs.T
    rows = np.arange(len(examples.of))
    right = likeness[rows, examples.of]
    others = likeness.copy()
    others[rows, examples.of] = -1.0
    wrong = others.max(axis=1)
    limit = float(np.quantile(wrong, 1 - FALSE))
    hit = (right > wrong) & (right >= limit)
    families = np.array(examples.families)
    recalls = {str(name): float(hit[families == name].mean()) for name in np.unique(families)}
    worst = min(recalls, key=lambda name: recalls[name])
    scored = [(float(s), True) for s in right] + [(float(s), False) for s in wrong]
    return Found(
        round(float(hit.mean()), 4),
        round(micro_average_precision(scored, len(right)), 4),
        worst,
        round(recalls[worst], 4),
    )
