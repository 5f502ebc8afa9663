"""Computes what another threshold would have done with stored pairs of a listing and a brand."""

from collections.abc import Sequence
from dataclasses import dataclass

from detection.review.models import Decision


@dataclass(frozen=True)
class JudgedPair:
    """A listing and a brand that it matches, with their greatest similarity. `outcome` is None for a pair
    that nobody judged; `overturned` means that an appeal against the claim was granted.
    """

    similarity: float
    outcome: Decision.Outcome | None = None
    overturned: bool = False

    @property
    def is_infringing(self) -> bool:
        return self.outcome == Decision.Outcome.INFRINGING and not self.overturned

    @property
    def is_judged(self) -> bool:
        return self.outcome not in {None, Decision.Outcome.NEEDS_MORE}


@dataclass(frozen=True)
class Replayed:
    """Numbers of pairs. `flagged` = `blocked` + `cleared` + `overturned` + `not_judged`; pairs that nobody
    judged count separately. `missed` are infringing and below the threshold.
    """

    threshold: int
    flagged: int
    blocked: int
    cleared: int
    overturned: int
    not_judged: int
    missed: int


def replay(pairs: Sequence[JudgedPair], threshold: int) -> Replayed:
    flagged = [pair for pair in pairs if pair.similarity >= threshold]
    judged = [pair for pair in flagged if pair.is_judged]
    blocked = sum(pair.is_infringing for pair in judged)
    overturned = sum(pair.overturned for pair in judged)
    return Replayed(
        threshold=threshold,
        flagged=len(flagged),
        blocked=blocked,
        cleared=len(judged) - blocked - overturned,
        overturned=overturned,
        not_judged=len(flagged) - len(judged),
        missed=sum(pair.is_infringing for pair in pairs if pair.similarity < threshold),
    )
