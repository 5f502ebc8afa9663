"""Looks closely at views that are nearly confirmed: verifies them once more by all points of the picture.
Goods that are far away, half covered or seen from the side have few among the strongest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from vision.channels.copy import NAME
from vision.channels.copy.retrieval import VOTED
from vision.channels.copy.verification import CopyMatch
from vision.channels.register import Query
from vision.geometry.features import LocalFeatures


@dataclass(frozen=True)
class CloselySpec:
    """What counts as nearly confirmed. Of 80 pictures with nothing registered in them none has more than 6
    inliers, and one has 10 votes that agree.
    """

    inliers: int = 7
    by_chance: int = 6  # inliers
    enough: float = 4.0  # inliers beyond chance times the share of patches found
    agreeing: int = 10  # votes from which a view that was not confirmed is looked at
    views: int = 4  # at most


SPEC = CloselySpec()
CLOSE = f"{NAME}: closely"


def look_closely(
    query: Query, matches: Mapping[UUID, CopyMatch]
) -> dict[UUID, list[LocalFeatures]]:
    """Returns the views to verify once more, with the points to verify them by; nothing when called again."""
    if CLOSE in query.shared:
        return {}
    query.shared[CLOSE] = True
    return {view: [query.features.all_points] for view in nearly_confirmed(query, matches)}


def nearly_confirmed(query: Query, matches: Mapping[UUID, CopyMatch]) -> list[UUID]:
    """Returns the views that a closer look may confirm, the most promising first."""
    voted = {
        one.owner.view: one.votes.agreeing
        for one in query.shared.get(VOTED, ())
        if one.votes.agreeing >= SPEC.agreeing
    }
    doubtful = [
        view
        for view, match in matches.items()
        if not is_certain(match) and (match.inliers >= SPEC.inliers or view in voted)
    ]
    doubtful.sort(key=lambda view: (-matches[view].inliers, -voted.get(view, 0)))
    return doubtful[: SPEC.views]


def is_certain(match: CopyMatch) -> bool:
    beyond_chance = match.inliers - SPEC.by_chance
    return match.identical or beyond_chance * match.agreement.share >= SPEC.enough
