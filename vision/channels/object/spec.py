"""What the three signs of an object must reach."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ObjectSpec:
    """Measured: turned by up to 45 degrees, registered things have 0.31, 0.71 and 0.81 at the least on
    the same view; another tin of the same shape 0.50, 0.81 and 0.67 at the most.
    """

    likeness: float = 0.30  # cosine of copy detection
    cosine: float = 0.70  # of the object encoder
    colours: float = 0.74  # share in common
    weakest: float = 0.7  # what the weakest sign counts; all three together count the rest
    nearly: float = 0.8  # of these: from there a pair is kept as evidence
    most: int = 6  # views that are looked at


SPEC = ObjectSpec()
