"""The places of a picture that show one view: several copies of a product are one match with several places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision.channels.copy.strength import signals
from vision.channels.copy.verification import CopyMatch, verify_pair
from vision.channels.copy.view import CopyView
from vision.channels.image_features import ImageFeatures
from vision.geometry.features import LocalFeatures
from vision.geometry.polygons import project


@dataclass(frozen=True)
class PlaceSpec:
    # Inliers from which a match explains its place: unrelated pairs have at most 8.
    convincing: int = 12
    margin: float = 0.03  # share of a view's side by which its place is wider


SPEC = PlaceSpec()


def verify_places(
    features: ImageFeatures,
    view: CopyView,
    places: Sequence[LocalFeatures] | None,
    *,
    identical: bool = False,
) -> CopyMatch:
    """Verifies a view in each of these places, by their points; without places, in the whole picture."""
    if identical or not places:
        return verify_pair(features, view, identical=identical)
    found: list[CopyMatch] = []
    for local in places:
        left = local.among(np.flatnonzero(~explained(local.points, found)))
        found.append(verify_pair(features, view, left))
    return joined(found)


def joined(matches: Iterable[CopyMatch]) -> CopyMatch:
    """Returns one match of one view: the place with the most evidence, and the others that convince and lie
    apart.
    """
    best, *others = sorted((p for match in matches for p in match.places), key=weight, reverse=True)
    further = apart([one for one in others if one.inliers >= SPEC.convincing], [best])
    return replace(best, further=tuple(replace(one, further=()) for one in further))


def weight(match: CopyMatch) -> float:
    """Returns what orders places of one view: its evidence, all signs counting equally. 0 without any."""
    return sum(signals(match, chance_inliers=0, chance_patches=0).terms())


def apart(matches: Iterable[CopyMatch], taken: Iterable[CopyMatch] = ()) -> list[CopyMatch]:
    """Returns the matches in places of their own, which are not taken: of several in one place, the one with
    the most inliers.
    """
    kept = list(taken)
    count = len(kept)
    for match in sorted(matches, key=lambda one: -one.inliers):
        if match.geometry is not None:
            centre = project(np.array([[0.5, 0.5]]), match.geometry.homography)
            if not explained(centre.astype(np.float32), kept).any():
                kept.append(match)
    return kept[count:]


def explained(points: NDArray[np.float32], matches: Iterable[CopyMatch]) -> NDArray[np.bool_]:
    """Returns which points, `float32[n, 2]` in normalised coordinates, lie on the views of convincing matches."""
    inside = np.zeros(len(points), np.bool_)
    for match in matches:
        if match.geometry is not None and match.inliers >= SPEC.convincing and len(points):
            on_view = project(points.astype(np.float64), np.linalg.inv(match.geometry.homography))
            inside |= ((on_view > -SPEC.margin) & (on_view < 1 + SPEC.margin)).all(axis=1)
    return inside
