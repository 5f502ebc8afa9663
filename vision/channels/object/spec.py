"""Thresholds and sizes of the object channel."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ObjectSpec:
    """Which views are candidates, and how the signs are counted.

    Measured on 1,090 bench pictures, recoloured ones included: the right view has at least 0.31 of copy
    detection in 19 of 20, and unrelated photographs have at most 0.24.
    """

    likeness: float = 0.22  # cosine of copy detection from which a view is a candidate
    cosine: float = 0.50  # the same of the object encoder
    most: int = 6  # views that are compared
    with_points: int = 3  # of these, how many have their local features matched: 2 ms each
    # Sum of both cosines beyond chance from which they are matched: of 1,129 right pairs near 85 or above the least had
    # 0.12, and half of the wrong ones have less than 0.04. The listing's features cost as much as its vector.
    promising: float = 0.05
    smallest: float = 0.02  # share of the picture that an object on a plain ground has at least
    margin: float = 1 / 16  # of its longer side, around an object that is cut out


@dataclass(frozen=True)
class PointSpec:
    """How local features of an object are found and matched.

    At 200 pixels as many of the hue-shifted objects are confirmed as at 400 (69% and 71%), in a quarter of
    the time.
    """

    side: int = 200  # pixels of the longer side
    view_points: int = 250
    listing_points: int = 400
    # Share of the side by which a point may miss its place: a turned object is no plane, and a homography
    # within 4 of 400 pixels confirms 60% of those shifted by 180 degrees of hue where this confirms 80%.
    within: float = 0.05
    iterations: int = 1000
    stretched: tuple[float, float] = (0.3, 2.2)  # least and greatest factor of a plausible turn
    chance: int = 8  # points that unrelated objects often have in common
    enough: int = 30  # points beyond chance from which more say nothing


@dataclass(frozen=True)
class ColourSpec:
    """How colours in common count: only beyond what other objects have, and only as far as both are coloured.
    A white urinal and a white letter box have 0.96 in common.
    """

    ordinary: float = 0.7


SPEC = ObjectSpec()
POINTS = PointSpec()
COLOURS = ColourSpec()
