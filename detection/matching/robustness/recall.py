"""From the similarities of attacks to what an owner reads: shares that survive, and what to add."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from detection.matching.robustness.groups import DEGREES, GROUPS, SIDES
from fingerprints.models import Design

WEAK = 0.75  # of a group's attacks: below this a view is named that would help
FEW_VIEWS = 3  # of a thing that can be seen from many sides


class Advice(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"
    MORE_SIDES = "more_sides"
    CLOSE_UP = "close_up"
    SHARPER = "sharper"


@dataclass(frozen=True)
class Survival:
    """Of one group of attacks: `found` of `tried` reached the threshold."""

    name: str
    tried: int
    found: int

    @property
    def share(self) -> float:
        return self.found / self.tried if self.tried else 0.0


type Attacks = Mapping[str, Mapping[str, float]]  # by view, by name of the attack


def survival(attacks: Attacks, threshold: float) -> list[Survival]:
    """By group of edits; groups that no view allowed are left out."""
    found = [of_names(name, families, attacks, threshold) for name, families in GROUPS.items()]
    return [one for one in found if one.tried]


def sides(attacks: Attacks, threshold: float) -> list[Survival]:
    return [
        of_names(side, [f"side-{side}-{degrees}" for degrees in DEGREES], attacks, threshold)
        for side in SIDES
    ]


def of_names(name: str, names: Iterable[str], attacks: Attacks, threshold: float) -> Survival:
    wanted = set(names)
    found = [value for one in attacks.values() for key, value in one.items() if key in wanted]
    return Survival(name, len(found), sum(value >= threshold for value in found))


def score(attacks: Attacks, threshold: float) -> int:
    """Percent of all attacks that are found: every group counts the same, however many edits it has,
    and so does the look from each side.
    """
    groups = [*survival(attacks, threshold), *sides(attacks, threshold)]
    tried = [one.share for one in groups if one.tried]
    return round(100 * sum(tried) / len(tried)) if tried else 0


def advice(attacks: Attacks, threshold: float, design_kind: str, views: int) -> list[Advice]:
    """The views to add, what would help most first."""
    weak_sides = [one for one in sides(attacks, threshold) if one.tried and one.share < WEAK]
    weak_sides.sort(key=lambda one: one.share)
    found = [Advice(one.name) for one in weak_sides]
    if design_kind == Design.DesignKind.OBJECT and views < FEW_VIEWS:
        found.insert(0, Advice.MORE_SIDES)
    weak = {one.name for one in survival(attacks, threshold) if one.share < WEAK}
    if weak & {"scene", "cropped"}:
        found.append(Advice.CLOSE_UP)
    if weak & {"quality", "several"}:
        found.append(Advice.SHARPER)
    return found
