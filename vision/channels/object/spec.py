"""Thresholds of the object channel's three signs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ObjectSpec:
    """Measured: registered objects turned by up to 45 degrees have at least 0.31, 0.71 and 0.81 on the same
    view; another tin of the same shape has at most 0.50, 0.81 and 0.67.
    """

    likeness: float = 0.30  # cosine of copy detection
    cosine: float = 0.70  # of the object encoder
    colours: float = 0.74  # share of colours in common
    weakest: float = 0.7  # weight of the weakest sign; the mean of all three has the rest
    nearly: float = 0.8  # share of these thresholds from which a pair is kept as evidence
    most: int = 6  # views that are verified


SPEC = ObjectSpec()
