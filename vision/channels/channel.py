"""The contract of a channel: how it describes views and listing pictures and compares the two.

A channel is a folder beside this file. Its `__init__.py` holds the spec, which the registry lists; only
workers load the rest. Enrolment, indexes, matching, calibration, benchmark, portal and status pages iterate
over the registry. tests/contracts/test_channel_contract.py holds every channel to this contract.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable
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
from vision.pictures.errors import ImageError
from vision.pictures.picture import Picture

ORIGINAL, MIRRORED, INVERTED = "original", "mirrored", "inverted"


@dataclass(frozen=True)
class ViewVector:
    """One fingerprint of a view. `vector` is `float32[dimension]`. The other fields hold what the channel
    stores beside it and are empty where it stores nothing. `background` is the evidence that ordinary
    pictures reach with this view; each channel has its own unit.
    """

    variant: str
    vector: Vectors
    perceptual_hash: int = 0
    features: bytes = b""
    codes: bytes = b""
    thumbnail: bytes = b""
    background: float = 0.0


@dataclass(frozen=True)
class ViewDescription:
    """A channel's description of a view at enrolment; `load_view` makes `view` from `vectors`."""

    vectors: Sequence[ViewVector]
    view: Any
    warnings: Sequence[ImageError] = ()


@dataclass(frozen=True)
class Edit:
    """The edit that turns the view into what the listing shows. None or False means unchanged.

    Degrees: `rotated` counter-clockwise -180..180, `tilted` 0..90 away from the camera, `hue` -180..180 on
    the colour circle. Shares 0..1: `cropped` is the share of the view's area that is left, `scene` the share
    of the listing's area that the view covers.
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
    """What a reviewer is shown. All positions are normalised coordinates (0..1).

    `appearance` is the variant of the view that fits. `region` is where on the listing the encoder found it
    nearest. `homography float64[3, 3]` maps points of the registered view to the listing; it is None where
    geometry confirms no position. `further_polygons` are other places of the listing's picture that show the
    view.
    """

    match_kind: MatchKind
    region: Region
    listing_polygon: Polygon
    view_polygon: Polygon
    appearance: str = ORIGINAL
    homography: NDArray[np.float64] | None = None
    edit: Edit = field(default_factory=Edit)
    further_polygons: Sequence[Polygon] = ()


@dataclass(frozen=True)
class Evidence:
    """Findings for one view in one picture, by channel. `identical` means that every pixel is equal, so
    nothing is left to verify.
    """

    findings: Mapping[str, Any]
    identical: bool = False


class Channel(Protocol):
    """One way in which a design can appear in a picture, with its encoder.

    A `finding` is the channel's result for one pair; each channel has its own type. Everything is
    deterministic: the same input gives the same answer.
    """

    @property
    def spec(self) -> ChannelSpec: ...

    @property
    def encoder(self) -> Encoder: ...

    def use_background(self, background: Background) -> None:
        """Sets the pictures to normalise by, before any view is described. The default is the background of
        the encoder's calibration.
        """
        ...

    def describe_view(self, picture: Picture) -> ViewDescription | None:
        """Describes a view once, at enrolment. `picture` has its full size and is upright. Returns None
        where it shows nothing for this channel.
        """
        ...

    def load_view(
        self, vectors: Mapping[str, ViewVector], described: Mapping[str, Any]
    ) -> Any | None:
        """Returns the view from its enrolled vectors by variant, or None where a variant is missing.
        `described` holds what earlier channels of the registry made of the same view.
        """
        ...

    def describe(self, features: ImageFeatures) -> Any:
        """Describes a listing's picture once. Costly parts are made when they are first needed."""
        ...

    def retrieve(self, described: Any, query: Query) -> dict[UUID, Any]:
        """Returns candidate views, most promising first, each with what `verify` needs. Every brand has at
        most its share, and verified claimants are capped apart from others.
        """
        ...

    def verify(self, described: Any, view: View, candidate: Any, *, identical: bool) -> Any | None:
        """Returns the finding for one pair, or None where the channel finds nothing. `candidate` comes from
        `retrieve`; it is None for a view that another channel retrieved.
        """
        ...

    def strength(self, finding: Any, calibration: ChannelCalibration) -> float:
        """Returns one number that rises with the evidence and depends on this pair alone."""
        ...

    def similarity(self, finding: Any, calibration: ChannelCalibration) -> float:
        """Returns 0..100, a monotone map of strength, rounded to hundredths."""
        ...

    def figures(self, finding: Any) -> Figures:
        """Returns the numbers of the finding that are stored with the match."""
        ...

    def explain(
        self, features: ImageFeatures, view: View, evidence: Evidence, calibration: Calibration
    ) -> Explanation:
        """Explains a pair that this channel scored highest."""
        ...

    def promise(self, finding: Any) -> tuple[float, ...]:
        """Returns a key that orders the findings of one design's views while no calibration exists. The
        first number counts most; later ones break ties.
        """
        ...

    def fit(self, pairs: Sequence[Pair], *, views: int) -> ChannelCalibration | None:
        """Fits the channel's calibration to labelled pairs; `views` were enrolled in this channel. Returns
        None where the pairs show too little of it; the channel then stays off.

        Raises:
            ValueError: The pairs contradict each other; the message says how.
        """
        ...


@runtime_checkable
class LooksAgain(Protocol):
    """A channel that looks at a picture again, for what it shows beside what was found."""

    def look_again(
        self, described: Any, query: Query, findings: Mapping[UUID, Any]
    ) -> dict[UUID, Any]:
        """Returns further candidates, as `retrieve` does, that the picture shows beside what these findings
        explain; none where they explain no more than at the last call. A view with a finding may be among
        them: `join` joins the two findings.
        """
        ...

    def join(self, known: Any, further: Any) -> Any:
        """Returns one finding of one view from those of two places in one picture."""
        ...


@runtime_checkable
class Settles(Protocol):
    """A channel whose findings of one picture change each other."""

    def settle(
        self, described: Any, query: Query, findings: Mapping[UUID, Any]
    ) -> Mapping[UUID, Any]:
        """Returns the findings that the others change, as they then are: what several brands share is no
        evidence for one of them.
        """
        ...
