"""How well a view lies in a picture: points that agree on a plane, and patches in their place."""

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
    """Where one look is enough, and where a second one is worth its time."""

    # Inliers at which no other appearance needs a look: unrelated pairs have at most 8.
    convincing: int = 25
    # Cosine by which a picture or its negative is the nearer one for certain.
    clearly: float = 0.1
    # Cosine of the whole pictures. Unrelated photographs have at most 0.46, one-colour logos 0.76: a
    # round one lies on another round one well, and at 0.5 four of 55 unrelated logos were flagged so.
    alike_as_a_whole: float = 0.8


SPEC = VerificationSpec()


class Appearance(StrEnum):
    """How a view may stand in a listing; one set of local features serves for all of them."""

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
    """`cosine` is the best over regions, of the view or its negative, and `region` where it was;
    `geometry` takes the view as it was registered to the listing, and `agreement` says how far the two
    agree where it lays them over each other; `background_score` is the view's.
    """

    cosine: float
    region: Region
    appearance: Appearance = Appearance.ORIGINAL
    geometry: Geometry | None = None
    agreement: Agreement = NONE
    identical: bool = False
    background_score: float = 0.0

    @property
    def inliers(self) -> int:
        return self.geometry.inliers if self.geometry else 0


IDENTICAL = CopyMatch(1.0, WHOLE, identical=True)


def verify_pair(features: ImageFeatures, view: CopyView, *, identical: bool = False) -> CopyMatch:
    """Equal pixels need no verification; everything else does."""
    if identical:
        return IDENTICAL
    likeness = features.vectors @ np.stack([view.vector, view.negative]).T
    nearest = int(likeness.max(axis=1).argmax())
    upright, negative = likeness.max(axis=0).tolist()
    appearance, geometry = confirm(features, view, likely(upright, negative))
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
    )


def likeness_of(features: ImageFeatures, view: CopyView) -> float:
    """The best cosine over regions, of the view or its negative."""
    return float((features.vectors @ np.stack([view.vector, view.negative]).T).max())


def likely(upright: float, negative: float) -> Sequence[Appearance]:
    """The appearances worth verifying: of a picture and its negative the nearer, or both."""
    if negative < upright - SPEC.clearly:
        return UPRIGHT
    if upright < negative - SPEC.clearly:
        return NEGATIVE
    return (*UPRIGHT, *NEGATIVE) if upright >= negative else (*NEGATIVE, *UPRIGHT)


def as_a_whole(whole: Sequence[float]) -> Iterator[tuple[Appearance, Geometry]]:
    """Where the whole pictures are alike, one may simply lie on the other: pictures with hardly a
    point to match are confirmed so.
    """
    upright, negative = whole
    if max(upright, negative) < SPEC.alike_as_a_whole:
        return
    for appearance in UPRIGHT if upright >= negative else NEGATIVE:
        yield appearance, Geometry(MIRROR if appearance.is_mirrored else np.eye(3), 0, 0)


def confirm(
    features: ImageFeatures, view: CopyView, appearances: Sequence[Appearance]
) -> tuple[Appearance, Geometry | None]:
    """The appearance that most points agree on; stops at the first that convinces."""
    best: tuple[Appearance, Geometry | None] = (appearances[0], None)
    for appearance in appearances:
        geometry = verify(features.local, appearing(view.features, appearance))
        if geometry and (best[1] is None or geometry.inliers > best[1].inliers):
            best = (appearance, geometry)
        if geometry and geometry.inliers >= SPEC.convincing:
            break
    appearance, geometry = best
    if geometry and appearance.is_mirrored:
        geometry = replace(geometry, homography=geometry.homography @ MIRROR)
    return appearance, geometry


def appearing(features: LocalFeatures, appearance: Appearance) -> LocalFeatures:
    """A mirrored or inverted picture was edited; it is no photograph of the thing from the side."""
    if appearance == Appearance.ORIGINAL:
        return features
    features = features.from_the_front()
    if appearance.is_mirrored:
        features = features.mirrored()
    return features.inverted() if appearance.is_inverted else features
