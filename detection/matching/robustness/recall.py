"""Turns the similarities of transforms into recall by group and advice on which views to add."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from detection.matching.robustness.groups import DEGREES, GROUPS, SIDES
from fingerprints.models import Design

WEAK = 0.75  # recall of a group; below it the page names a view that would help
FEW_VIEWS = 3  # fewer than this are too few for an object, which has many sides


class Advice(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"
    MORE_SIDES = "more_sides"
    BACK = "back"
    CLOSE_UP = "close_up"
    SHARPER = "sharper"


@dataclass(frozen=True)
class Recall:
    """`found` of the `tried` transforms of one group reached the threshold."""

    name: str
    tried: int
    found: int

    @property
    def share(self) -> float:
        return self.found / self.tried if self.tried else 0.0


type Results = Mapping[str, Mapping[str, float]]  # by view, by name of the transform


def recall(results: Results, threshold: float) -> list[Recall]:
    """Returns recall by group of edits, without the groups that no view allowed."""
    found = [of_names(name, families, results, threshold) for name, families in GROUPS.items()]
    return [one for one in found if one.tried]


def sides(results: Results, threshold: float) -> list[Recall]:
    return [
        of_names(side, [f"side-{side}-{degrees}" for degrees in DEGREES], results, threshold)
        for side in SIDES
    ]


def of_names(name: str, names: Iterable[str], results: Results, threshold: float) -> Recall:
    wanted = set(names)
    found = [value for one in results.values() for key, value in one.items() if key in wanted]
    return Recall(name, len(found), sum(value >= threshold for value in found))


def score(results: Results, threshold: float) -> int:
    """Returns the percentage of transforms found. Every group and every side counts the same, however
    many edits it has.
    """
    groups = [*recall(results, threshold), *sides(results, threshold)]
    tried = [one.share for one in groups if one.tried]
    return round(100 * sum(tried) / len(tried)) if tried else 0


def weak_sides(results: Results, threshold: float) -> list[Recall]:
    """Returns the sides from which the design is missed, the worst first."""
    weak = [one for one in sides(results, threshold) if one.tried and one.share < WEAK]
    return sorted(weak, key=lambda one: one.share)


def advice(
    results: Results, threshold: float, design_kind: str, views: int, sides: int | None
) -> list[Advice]:
    """Returns the views to add, the most helpful first. `sides` are those that the views show, if known.

    What no view shows helps most: with one view each, 11 of 20 missed shop photographs of 16 cartons are of
    the two cartons whose three further photographs show another side, and 9 of these are found with them.
    """
    found = [Advice(one.name) for one in weak_sides(results, threshold)]
    if design_kind == Design.DesignKind.PACKAGING and sides == 1:
        found.insert(0, Advice.BACK)
    if design_kind == Design.DesignKind.OBJECT and views < FEW_VIEWS:
        found.insert(0, Advice.MORE_SIDES)
    weak = {one.name for one in recall(results, threshold) if one.share < WEAK}
    if weak & {"scene", "cropped"}:
        found.append(Advice.CLOSE_UP)
    if weak & {"quality", "several"}:
        found.append(Advice.SHARPER)
    return found
