"""Verifies how well a view fits a picture: points that agree on a plane, and patches in their place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from vision.channels.copy.view import CopyView
from vision.channels.image_features import ImageFeatures
from vision.geometry.agreement import NONE, Agreement, compare
from vision.geometry.features import LocalFeatures
from vision.geometry.polygons import MIRROR
from vision.geometry.regions import WHOLE, Region
from vision.geometry.verification import Geometry, verify


@dataclass(frozen=True)
class VerificationSpec:
    """Thresholds that decide how many appearances are verified."""

    # Inliers from which no other appearance is tried: unrelated pairs have at most 8.
    convincing: int = 25
    # Cosine by which the nearer of a picture and its negative is certain.
    clearly: float = 0.1
    # Cosine beyond the background score from which the view may be there mirrored or inverted. Of 31 edits
    # each, mirrored ones reach 0.90, with three further edits 0.61, and inverted ones 1.00; a view that
    # only its local features found is there as it is.
    edited: float = 0.03
    # Cosine of the whole pictures. Unrelated photographs have at most 0.46 and one-colour logos 0.76: one
    # round logo lies well on another, and at 0.5 four of 55 unrelated logos were flagged for it.
    alike_as_a_whole: float = 0.8


SPEC = VerificationSpec()


class Appearance(StrEnum):
    """The variants of a view that a listing may show; one set of local features serves all of them."""

    ORIGINAL = "original"
    MIRRORED = "mirrored"
    INVERTED = "inverted"
    MIRRORED_INVERTED = "mirrored-inverted"

    @property
    def is_mirrored(self) -> bool:
        return self in {self.MIRRORED, self.MIRRORED_INVERTED}

    @property
    def is_inverted(self) -> bool:
        return self in {self.INVERTED, self.MIRRORED_INVERTED}


UPRIGHT = (Appearance.ORIGINAL, Appearance.MIRRORED)
NEGATIVE = (Appearance.INVERTED, Appearance.MIRRORED_INVERTED)


@dataclass(frozen=True)
class CopyMatch:
    """`cosine` is the best over regions, of the view or its negative, and `region` is where it was found.
    `geometry` maps the registered view to the listing. `agreement` says how far both agree once laid over
    each other. `background_score` is the view's, and `has_little` says that there is too little on it to confirm
    an edited copy. `further` are other places of the same picture that show the view; they have none
    themselves.
    """

    cosine: float
    region: Region
    appearance: Appearance = Appearance.ORIGINAL
    geometry: Geometry | None = None
    agreement: Agreement = NONE
    identical: bool = False
    background_score: float = 0.0
    has_little: bool = False
    further: tuple["CopyMatch", ...] = ()

    @property
    def places(self) -> tuple["CopyMatch", ...]:
        return (self, *self.further)

    @property
    def inliers(self) -> int:
        return self.geometry.inliers if self.geometry else 0


IDENTICAL = CopyMatch(1.0, WHOLE, identical=True)


def verify_pair(
    features: ImageFeatures,
    view: CopyView,
    local: LocalFeatures | None = None,
    *,
    identical: bool = False,
) -> CopyMatch:
    """Verifies one pair, by these local features in place of the picture's own. Equal pixels need no
    verification.
    """
    if identical:
        return IDENTICAL
    likeness = features.vectors @ np.stack([view.vector, view.negative]).T
    nearest = int(likeness.max(axis=1).argmax())
    upright, negative = likeness.max(axis=0).tolist()
    appearance, geometry = confirm(
        features.local if local is None else local,
        view,
        likely(upright, negative, view.background_score),
    )
    agreement = NONE
    if geometry:
        agreement = compare(view.thumbnail, features.picture, geometry.homography)
    if geometry is None or geometry.inliers < SPEC.convincing:
        for way, laid in as_a_whole(likeness[0].tolist()):
            found = compare(view.thumbnail, features.picture, laid.homography)
            if found.in_place > agreement.in_place:
                appearance, geometry, agreement = way, laid, found
    return CopyMatch(
        float(likeness.max()),
        features.regions[nearest],
        appearance,
        geometry,
        agreement,
        background_score=view.background_score,
        has_little=view.has_little,
    )


def likeness_of(features: ImageFeatures, view: CopyView) -> float:
    """Returns the best cosine over regions, of the view or its negative."""
    return float((features.vectors @ np.stack([view.vector, view.negative]).T).max())


def likely(upright: float, negative: float, background: float) -> Sequence[Appearance]:
    """Returns the appearances worth verifying, the likeliest first. `upright` and `negative` are the cosines
    of the view and of its negative, `background` is what ordinary pictures reach.
    """
    beyond = background + SPEC.edited
    appearances = UPRIGHT if upright >= beyond else UPRIGHT[:1]
    if negative < max(beyond, upright - SPEC.clearly):
        return appearances
    if upright < negative - SPEC.clearly:
        return NEGATIVE
    return (*appearances, *NEGATIVE) if upright >= negative else (*NEGATIVE, *appearances)


def as_a_whole(whole: Sequence[float]) -> Iterator[tuple[Appearance, Geometry]]:
    """Yields the identity where the whole pictures are alike: it confirms pictures with hardly a point to
    match.
    """
    upright, negative = whole
    if max(upright, negative) < SPEC.alike_as_a_whole:
        return
    for appearance in UPRIGHT if upright >= negative else NEGATIVE:
        yield appearance, Geometry(MIRROR if appearance.is_mirrored else np.eye(3), 0, 0)


def confirm(
    local: LocalFeatures, view: CopyView, appearances: Sequence[Appearance]
) -> tuple[Appearance, Geometry | None]:
    """Returns the appearance that most points agree on; stops at the first convincing one."""
    best: tuple[Appearance, Geometry | None] = (appearances[0], None)
    for appearance in appearances:
        geometry = verify(local, appearing(view.features, appearance))
        if geometry and (best[1] is None or geometry.inliers > best[1].inliers):
            best = (appearance, geometry)
        if geometry and geometry.inliers >= SPEC.convincing:
            break
    appearance, geometry = best
    if geometry and appearance.is_mirrored:
        geometry = replace(geometry, homography=geometry.homography @ MIRROR)
    return appearance, geometry


def appearing(features: LocalFeatures, appearance: Appearance) -> LocalFeatures:
    """Returns the features in that appearance. A mirrored or inverted picture was edited, so it is not a
    photograph from the side.
    """
    if appearance == Appearance.ORIGINAL:
        return features
    features = features.without_tilts()
    if appearance.is_mirrored:
        features = features.mirrored()
    return features.inverted() if appearance.is_inverted else features
