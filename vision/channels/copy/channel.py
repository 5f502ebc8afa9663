"""The copy channel and its encoder."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from vision.channels import copy
from vision.channels.background import NO_BACKGROUND, Background, load_background
from vision.channels.calibration import Calibration, ChannelCalibration, NotCalibrated
from vision.channels.channel import Evidence, Explanation, ViewDescription, ViewVector
from vision.channels.copy import again, explanation, places, retrieval, strength
from vision.channels.copy.closely import look_closely
from vision.channels.copy.fit import fit
from vision.channels.copy.shared_print import without_shared_print
from vision.channels.copy.verification import CopyMatch
from vision.channels.copy.view import copy_view, describe_view, load_view
from vision.channels.fitting import Pair
from vision.channels.image_features import ImageFeatures
from vision.channels.register import Query, View
from vision.channels.spec import Figures
from vision.encoders.base import Encoder
from vision.encoders.generation import generation_of
from vision.pictures.picture import Picture


class CopyChannel:
    spec = copy.SPEC

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.background = background_of(encoder)

    def use_background(self, background: Background) -> None:
        self.background = background

    def describe_view(self, picture: Picture) -> ViewDescription:
        return describe_view(picture, self.encoder, self.background)

    def load_view(self, vectors: Mapping[str, ViewVector], described: Mapping[str, Any]) -> Any:
        return load_view(vectors, self.background)

    def describe(self, features: ImageFeatures) -> ImageFeatures:
        return features

    def retrieve(self, described: ImageFeatures, query: Query) -> dict[UUID, Any]:
        return dict(retrieval.retrieve(described, query))

    def look_again(
        self, described: ImageFeatures, query: Query, findings: Mapping[UUID, CopyMatch]
    ) -> dict[UUID, Any]:
        closely = look_closely(query, findings)
        return dict(closely or again.look_again(query, findings))

    def settle(
        self, described: ImageFeatures, query: Query, findings: Mapping[UUID, CopyMatch]
    ) -> dict[UUID, CopyMatch]:
        return without_shared_print(findings, query.register)

    def verify(
        self, described: ImageFeatures, view: View, candidate: Any, *, identical: bool
    ) -> CopyMatch:
        return places.verify_places(described, copy_view(view), candidate, identical=identical)

    def join(self, known: CopyMatch, further: CopyMatch) -> CopyMatch:
        return places.joined([known, further])

    def strength(self, finding: CopyMatch, calibration: ChannelCalibration) -> float:
        return strength.strength(finding, calibration)

    def similarity(self, finding: CopyMatch, calibration: ChannelCalibration) -> float:
        return strength.similarity(finding, calibration)

    def figures(self, finding: CopyMatch) -> Figures:
        agreement = finding.agreement
        return {
            "cosine": finding.cosine,
            "inliers": finding.inliers,
            "patches": agreement.patches,
            "alike": agreement.alike,
            "in_place": agreement.in_place,
            "background_score": finding.background_score,
        }

    def explain(
        self, features: ImageFeatures, view: View, evidence: Evidence, calibration: Calibration
    ) -> Explanation:
        return explanation.explain(features, view, evidence, calibration)

    def promise(self, finding: CopyMatch) -> tuple[float, ...]:
        return finding.inliers, finding.cosine

    def fit(self, pairs: Sequence[Pair], *, views: int) -> ChannelCalibration | None:
        return fit(pairs, generation=generation_of(self.encoder.spec), views=views)


def background_of(encoder: Encoder) -> Background:
    """Returns the encoder's background, or NO_BACKGROUND while it has no calibration."""
    try:
        return load_background(encoder.spec)
    except NotCalibrated:
        return NO_BACKGROUND
