from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from tests import toy_channel
from tests.fake_encoder import SPEC as FAKE
from vision.channels.background import Background
from vision.channels.calibration import Calibration, ChannelCalibration, interpolate
from vision.channels.capping import cap_per_brand
from vision.channels.channel import ORIGINAL, Evidence, Explanation, ViewDescription, ViewVector
from vision.channels.fitting import Pair, Truth
from vision.channels.image_features import ImageFeatures
from vision.channels.register import Query, View
from vision.channels.spec import Figures, MatchKind
from vision.encoders.base import Encoder, Vectors
from vision.encoders.generation import generation_of
from vision.geometry.polygons import WHOLE
from vision.geometry.regions import WHOLE as WHOLE_REGION
from vision.pictures.picture import Picture

TONES = replace(FAKE, name="tones", dimension=4)
NEAR = 0.9


class Tones:
    spec = TONES

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        found = [np.append(picture.mean(axis=(0, 1)) - 128, 8.0) for picture in pictures]
        return np.array([v / np.linalg.norm(v) for v in found], np.float32).reshape(-1, 4)


@dataclass(frozen=True)
class ToneMatch:
    cosine: float


class ToneChannel:
    spec = toy_channel.SPEC

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def use_background(self, background: Background) -> None:
        pass

    def describe_view(self, picture: Picture) -> ViewDescription:
        [vector] = self.encoder.embed([picture])
        return ViewDescription([ViewVector(ORIGINAL, vector)], vector)

    def load_view(
        self, vectors: Mapping[str, ViewVector], described: Mapping[str, Any]
    ) -> Vectors | None:
        return vectors[ORIGINAL].vector if ORIGINAL in vectors else None

    def describe(self, features: ImageFeatures) -> Vectors:
        vectors: Vectors = self.encoder.embed([features.picture])
        return vectors

    def retrieve(self, described: Vectors, query: Query) -> dict[UUID, None]:
        [hits] = query.register.search(self.spec.name, described, 10, 3, NEAR)
        owners = query.register.owners_of(hit.id for hit in hits)
        return dict.fromkeys(cap_per_brand(owners.values(), 3))

    def verify(
        self, described: Vectors, view: View, candidate: None, *, identical: bool
    ) -> ToneMatch:
        return ToneMatch(float(described[0] @ view.described[self.spec.name]))

    def strength(self, finding: ToneMatch, calibration: ChannelCalibration) -> float:
        return finding.cosine

    def similarity(self, finding: ToneMatch, calibration: ChannelCalibration) -> float:
        return round(interpolate(calibration.knots, finding.cosine), 2)

    def figures(self, finding: ToneMatch) -> Figures:
        return {"cosine": finding.cosine}

    def explain(
        self, features: ImageFeatures, view: View, evidence: Evidence, calibration: Calibration
    ) -> Explanation:
        return Explanation(MatchKind.RESEMBLANCE, WHOLE_REGION, WHOLE, WHOLE)

    def promise(self, finding: ToneMatch) -> tuple[float, ...]:
        return (finding.cosine,)

    def fit(self, pairs: Sequence[Pair], *, views: int) -> ChannelCalibration | None:
        """85 stands above whatever unrelated pictures reach."""
        found = [
            pair.findings[self.spec.name].cosine
            for pair in pairs
            if pair.truth == Truth.UNRELATED and self.spec.name in pair.findings
        ]
        held = max([NEAR, *found]) + 1e-6
        knots = ((0.0, 0.0), (held, 85.0), (1.0 + 1e-3, 96.0))
        return ChannelCalibration(generation_of(self.encoder.spec), knots)
