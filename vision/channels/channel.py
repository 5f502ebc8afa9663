"""The contract of a channel: what it makes of a view, what of a listing's picture, and what of both.

A channel is a folder beside this file. Its `__init__.py` has the spec, which the registry lists; the
rest is loaded by workers alone. Enrolment, indexes, matching, calibration, benchmark, portal and
status pages walk over the registry. tests/contracts/test_channel_contract.py holds every channel to
what is said here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vision.channels.background import Background
from vision.channels.calibration import Calibration, ChannelCalibration
from vision.channels.fitting import Pair
from vision.channels.image_features import ImageFeatures
from vision.channels.register import Query, View
from vision.channels.spec import ChannelSpec, Figures, MatchKind
from vision.encoders.base import Encoder, Vectors
from vision.geometry.polygons import Polygon
from vision.geometry.regions import Region
from vision.pictures.decode import Picture
from vision.pictures.errors import ImageError

ORIGINAL, MIRRORED, INVERTED = "original", "mirrored", "inverted"


@dataclass(frozen=True)
class ViewVector:
    """One fingerprint of a view. `vector` is `float32[dimension]`; the rest is what the channel wants
    kept beside it, empty where there is nothing.
    """

    variant: str
    vector: Vectors
    perceptual_hash: int = 0
    features: bytes = b""
    codes: bytes = b""
    thumbnail: bytes = b""


@dataclass(frozen=True)
class ViewDescription:
    """What a channel makes of a view at enrolment; `view` is what `load_view` makes of `vectors`."""

    vectors: Sequence[ViewVector]
    view: Any
    warnings: Sequence[ImageError] = ()


@dataclass(frozen=True)
class Edit:
    """What turns the view into what the listing shows; None or False where it is as registered.

    Degrees: `rotated` counter-clockwise -180..180, `tilted` 0..90 away from the camera, `hue`
    -180..180 round the colour circle. Shares 0..1: `cropped` of the view's area that is left, `scene`
    of the listing's area that the view takes.
    """

    mirrored: bool = False
    inverted: bool = False
    rotated: float | None = None
    tilted: float | None = None
    cropped: float | None = None
    scene: float | None = None
    hue: float | None = None
    grey: bool = False


@dataclass(frozen=True)
class Explanation:
    """What a reviewer is shown. All places are normalised coordinates (0..1).

    `appearance` is the variant of the view that fits; `region` where on the listing its encoder found
    it nearest; `homography float64[3, 3]` takes points of the view as it was registered to the
    listing, None where nothing confirms how it lies there.
    """

    match_kind: MatchKind
    region: Region
    listing_polygon: Polygon
    view_polygon: Polygon
    appearance: str = ORIGINAL
    homography: NDArray[np.float64] | None = None
    edit: Edit = field(default_factory=Edit)


@dataclass(frozen=True)
class Evidence:
    """What each channel found for one view in one picture, by channel. `identical`: every pixel is
    equal, so that there is nothing left to verify.
    """

    findings: Mapping[str, Any]
    identical: bool = False


class Channel(Protocol):
    """One way in which a design can be in a picture, with its encoder.

    A `finding` is what the channel says of one pair; its type is the channel's own. Everything is
    deterministic: the same input gives the same answer.
    """

    @property
    def spec(self) -> ChannelSpec: ...

    @property
    def encoder(self) -> Encoder: ...

    def use_background(self, background: Background) -> None:
        """Ordinary pictures to normalise by, before any view is described. Without it, those of the
        encoder's calibration serve.
        """
        ...

    def describe_view(self, picture: Picture) -> ViewDescription | None:
        """Once, at enrolment. `picture` is at its full size, upright. None where there is nothing in
        it for this channel.
        """
        ...

    def load_view(
        self, vectors: Mapping[str, ViewVector], described: Mapping[str, Any]
    ) -> Any | None:
        """From what was enrolled, by variant. `described` is what earlier channels of the registry
        made of the same view. None where a variant is missing.
        """
        ...

    def describe(self, features: ImageFeatures) -> Any:
        """Of a listing's picture, once. What is costly is made when it is first needed."""
        ...

    def retrieve(self, described: Any, query: Query) -> dict[UUID, Any]:
        """Candidate views, most promising first, each with what `verify` needs to look there. No
        more of a brand than its share, and those of verified claimants apart from others.
        """
        ...

    def verify(self, described: Any, view: View, candidate: Any, *, identical: bool) -> Any | None:
        """A finding for one pair; None where the channel says nothing. `candidate` is what `retrieve`
        gave, None for a view that another channel retrieved.
        """
        ...

    def strength(self, finding: Any, calibration: ChannelCalibration) -> float:
        """One number that rises with the evidence, of this pair alone."""
        ...

    def similarity(self, finding: Any, calibration: ChannelCalibration) -> float:
        """0..100, a monotone map of strength, rounded to hundredths."""
        ...

    def figures(self, finding: Any) -> Figures:
        """What is kept of the finding with the match."""
        ...

    def explain(
        self, features: ImageFeatures, view: View, evidence: Evidence, calibration: Calibration
    ) -> Explanation:
        """Of the pair that this channel scored highest."""
        ...

    def promise(self, finding: Any) -> tuple[float, ...]:
        """Orders the findings of one design's views while there is no calibration yet: what counts
        most first, then what decides between equals.
        """
        ...

    def fit(self, pairs: Sequence[Pair], *, views: int) -> ChannelCalibration | None:
        """From labelled pairs, where `views` were enrolled in this channel. None where they show too
        little of it; the channel then stays off.

        Raises:
            ValueError: What the pairs show is contradictory; says what.
        """
        ...
