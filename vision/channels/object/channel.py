"""The object channel and its encoder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any
from uuid import UUID

from vision.channels import object as object_channel
from vision.channels.background import Background
from vision.channels.calibration import Calibration, ChannelCalibration, interpolate
from vision.channels.capping import cap_per_brand, split_by_standing
from vision.channels.channel import ORIGINAL, Evidence, Explanation, ViewDescription, ViewVector
from vision.channels.copy import explanation, retrieval
from vision.channels.copy.verification import likeness_of
from vision.channels.copy.view import copy_view
from vision.channels.fitting import Pair
from vision.channels.image_features import ImageFeatures
from vision.channels.object.fit import fit
from vision.channels.object.spec import SPEC
from vision.channels.register import Query, View
from vision.channels.spec import Figures
from vision.encoders.base import Encoder, Vectors
from vision.encoders.generation import generation_of
from vision.geometry.polygons import WHOLE as WHOLE_POLYGON
from vision.geometry.regions import WHOLE
from vision.pictures.colours import Colours, colours_of, in_common
from vision.pictures.picture import Picture
from vision.pictures.resize import fit as fitted


@dataclass(frozen=True)
class ObjectMatch:
    """`likeness` is the cosine of copy detection and `cosine` that of the object encoder, both of the whole
    pictures. `colours` is the share of colours in common.
    """

    likeness: float
    cosine: float
    colours: float

    @property
    def strength(self) -> float:
        """Returns the strength: mostly the weakest of the three signs relative to its threshold, and
        otherwise the geometric mean of all three.
        """
        signs = [
            max(0.0, self.likeness) / SPEC.likeness,
            max(0.0, self.cosine) / SPEC.cosine,
            self.colours / SPEC.colours,
        ]
        return SPEC.weakest * min(signs) + (1 - SPEC.weakest) * prod(signs) ** (1 / 3)


class ObjectPicture:
    """A listing's picture. It is embedded only if a registered object may be in it."""

    def __init__(self, features: ImageFeatures, encoder: Encoder) -> None:
        self.features = features
        self._encoder = encoder

    @cached_property
    def vector(self) -> Vectors:
        vector: Vectors = self._encoder.embed([self.features.picture])[0]
        return vector

    @cached_property
    def colours(self) -> Colours:
        return colours_of(self.features.picture)


class ObjectChannel:
    spec = object_channel.SPEC

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def use_background(self, background: Background) -> None:
        """Does nothing: three signs that must agree need no background."""

    def describe_view(self, picture: Picture) -> ViewDescription:
        vector = self.encoder.embed([fitted(picture)])[0]
        return ViewDescription([ViewVector(ORIGINAL, vector)], vector)

    def load_view(
        self, vectors: Mapping[str, ViewVector], described: Mapping[str, Any]
    ) -> Vectors | None:
        return vectors[ORIGINAL].vector if ORIGINAL in vectors else None

    def describe(self, features: ImageFeatures) -> ObjectPicture:
        return ObjectPicture(features, self.encoder)

    def retrieve(self, described: ObjectPicture, query: Query) -> dict[UUID, float]:
        """Returns the views that both copy detection and the object encoder find alike, nearest first, with
        the object encoder's cosine.
        """
        near = retrieval.nearest(query)
        alike = [owner for owner, cosine in near.items() if cosine >= SPEC.nearly * SPEC.likeness]
        limits = retrieval.SPEC
        groups = split_by_standing(alike, most=limits.looked_at, of_a_brand=limits.of_a_brand)
        owners = {owner.view: owner for group in groups for owner in group}
        registered = query.register.vectors(self.spec.name, list(owners))
        if not registered:
            return {}
        cosines = {view: float(vector @ described.vector) for view, vector in registered.items()}
        possible = [view for view, cosine in cosines.items() if cosine >= SPEC.nearly * SPEC.cosine]
        ranked = sorted(possible, key=lambda view: -cosines[view])
        chosen = cap_per_brand((owners[view] for view in ranked), SPEC.most)
        return {view: cosines[view] for view in chosen}

    def verify(
        self, described: ObjectPicture, view: View, candidate: float, *, identical: bool
    ) -> ObjectMatch:
        registered = copy_view(view)
        return ObjectMatch(
            likeness_of(described.features, registered),
            candidate,
            in_common(described.colours, registered.colours),
        )

    def strength(self, finding: ObjectMatch, calibration: ChannelCalibration) -> float:
        return finding.strength

    def similarity(self, finding: ObjectMatch, calibration: ChannelCalibration) -> float:
        return round(interpolate(calibration.knots, finding.strength), 2)

    def figures(self, finding: ObjectMatch) -> Figures:
        return {
            "likeness": finding.likeness,
            "cosine": finding.cosine,
            "colours": finding.colours,
        }

    def explain(
        self, features: ImageFeatures, view: View, evidence: Evidence, calibration: Calibration
    ) -> Explanation:
        """Explains a match by the copy channel's plane where geometry confirms one, otherwise by the whole
        pictures.
        """
        found = explanation.explain(features, view, evidence, calibration)
        if found.homography is not None:
            return replace(found, region=WHOLE)
        return replace(
            found, region=WHOLE, listing_polygon=WHOLE.polygon(), view_polygon=WHOLE_POLYGON
        )

    def promise(self, finding: ObjectMatch) -> tuple[float, ...]:
        return (finding.strength,)

    def fit(self, pairs: Sequence[Pair], *, views: int) -> ChannelCalibration | None:
        return fit(pairs, generation=generation_of(self.encoder.spec))
