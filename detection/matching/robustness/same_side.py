"""How many sides of the goods the views of a design show."""

from collections.abc import Sequence

from vision.channels.copy.view import CopyView
from vision.geometry.outline import SPEC
from vision.geometry.verification import verify


def sides_shown(views: Sequence[CopyView]) -> int:
    """Counts groups of views. Views are of one side where one lies in the other, directly or by a third."""
    groups: list[list[CopyView]] = []
    for view in views:
        joined, apart = [view], []
        for group in groups:
            if any(lies_in(view, other) for other in group):
                joined += group
            else:
                apart.append(group)
        groups = [*apart, joined]
    return len(groups)


def lies_in(view: CopyView, other: CopyView) -> bool:
    found = verify(view.features.without_tilts(), other.features)
    return found is not None and found.inliers >= SPEC.convincing
