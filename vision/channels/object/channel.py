"""The object channel and its encoder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np

from vision.channels import object as object_channel
from vision.channels.background import Background
from vision.channels.calibration import Calibration, ChannelCalibration, interpolate
from vision.channels.capping import cap_per_brand, split_by_standing
from vision.channels.channel import Evidence, Explanation, ViewDescription, ViewVector
from vision.channels.copy import explanation, retrieval
from vision.channels.copy.verification import likeness_of
from vision.channels.copy.view import copy_view
from vision.channels.fitting import Pair
from vision.channels.image_features import ImageFeatures
from vision.channels.object import view as views
from vision.channels.object.cohort import Cohort, cohort_path, load_cohort, nearest
from vision.channels.object.fit import fit
from vision.channels.object.framing import brightness, framed
from vision.channels.object.points import in_common, points_of
from vision.channels.object.spec import POINTS, SPEC
from vision.channels.object.strength import ObjectMatch, strength
from vision.channels.object.view import ObjectView
from vision.channels.register import Query, View
from vision.channels.spec import Figures
from vision.encoders.base import Encoder, Vectors
from vision.encoders.generation import generation_of
from vision.geometry.features import LocalFeatures
from vision.geometry.polygons import WHOLE as WHOLE_POLYGON
from vision.geometry.regions import WHOLE
from vision.pictures import colours
from vision.pictures.colours import Colours, colours_of
from vision.pictures.picture import Picture


@dataclass(frozen=True)
class Candidate:
    """`with_points` says that local features are matched."""

    with_points: bool


class ObjectPicture:
    """A listing's picture. Each part is made only if a registered object may be in it."""

    def __init__(self, features: ImageFeatures, encoder: Encoder) -> None:
        self.features = features
        self._encoder = encoder

    @cached_property
    def object(self) -> Picture:
        return brightness(framed(self.features.picture))

    @cached_property
    def vector(self) -> Vectors:
        vector: Vectors = self._encoder.embed([self.object])[0]
        return vector

    @cached_property
    def points(self) -> LocalFeatures:
        return points_of(self.object, POINTS.listing_points)

    @cached_property
    def colours(self) -> Colours:
        return colours_of(self.features.picture)


class ObjectChannel:
    spec = object_channel.SPEC

    def __init__(self, encoder: Encoder, cohort: Cohort | None = None) -> None:
        """`cohort` replaces that of the calibration."""
        self.encoder = encoder
        self._cohort = cohort

    @property
    def cohort(self) -> Cohort:
        return self._cohort or load_cohort(cohort_path(), generation_of(self.encoder.spec))

    def use_background(self, background: Background) -> None:
        """Does nothing: objects are normalised by a cohort of their own."""

    def learn_cohort(self, pictures: Sequence[ImageFeatures]) -> Cohort:
        """Makes these pictures the cohort, before any view is described."""
        self._cohort = Cohort(
            np.stack([features.vectors[0] for features in pictures]),
            np.stack([self.describe(features).vector for features in pictures]),
            generation_of(self.encoder.spec),
        )
        return self._cohort

    def describe_view(self, picture: Picture) -> ViewDescription:
        made = views.describe(picture, self.encoder)
        return ViewDescription(made, self.load_view({one.variant: one for one in made}, {}))

    def load_view(
        self, vectors: Mapping[str, ViewVector], described: Mapping[str, Any]
    ) -> ObjectView | None:
        return views.load(vectors, self.cohort)

    def describe(self, features: ImageFeatures) -> ObjectPicture:
        return ObjectPicture(features, self.encoder)

    def retrieve(self, described: ObjectPicture, query: Query) -> dict[UUID, Candidate]:
        """Returns the views that both copy detection and the object encoder find alike, the most alike
        first.
        """
        near = retrieval.nearest(query)
        alike = [owner for owner, cosine in near.items() if cosine >= SPEC.likeness]
        limits = retrieval.SPEC
        groups = split_by_standing(alike, most=limits.looked_at, of_a_brand=limits.of_a_brand)
        owners = {owner.view: owner for group in groups for owner in group}
        registered = query.register.vectors(self.spec.name, list(owners))
        if not registered:
            return {}
        cosines = {view: float(vector @ described.vector) for view, vector in registered.items()}
        possible = [view for view, cosine in cosines.items() if cosine >= SPEC.cosine]
        ranked = sorted(possible, key=lambda view: -cosines[view] - near[owners[view]])
        chosen = cap_per_brand((owners[view] for view in ranked), SPEC.most)
        standing = {view: owners[view].verified for view in chosen}
        first = [view for view in chosen if standing[view]][: SPEC.with_points]
        return {view: Candidate(view in first or not standing[view]) for view in chosen}

    def verify(
        self, described: ObjectPicture, view: View, candidate: Candidate, *, identical: bool
    ) -> ObjectMatch:
        registered, ours = copy_view(view), view.described[self.spec.name]
        shades = (described.colours, registered.colours)
        found = ObjectMatch(
            likeness_of(described.features, registered),
            float((ours.vectors @ described.vector).max()),
            colours=colours.in_common(*shades),
            tinted=min(map(colours.tinted, shades)),
            likeness_background=nearest(
                self.cohort.likeness, np.stack([registered.vector, registered.negative])
            ),
            cosine_background=ours.background,
        )
        if not candidate.with_points or sum(found.signs[:2]) < SPEC.promising:
            return found
        return replace(found, points=most_points(described.points, ours))

    def strength(self, finding: ObjectMatch, calibration: ChannelCalibration) -> float:
        return strength(finding, calibration)

    def similarity(self, finding: ObjectMatch, calibration: ChannelCalibration) -> float:
        return round(interpolate(calibration.knots, strength(finding, calibration)), 2)

    def figures(self, finding: ObjectMatch) -> Figures:
        return {
            "likeness": finding.likeness,
            "cosine": finding.cosine,
            "points": finding.points,
            "colours": finding.colours,
            "tinted": finding.tinted,
            "likeness_background": finding.likeness_background,
            "cosine_background": finding.cosine_background,
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
            found,
            region=WHOLE,
            listing_polygon=WHOLE.polygon(),
            view_polygon=WHOLE_POLYGON,
            further_polygons=(),
        )

    def promise(self, finding: ObjectMatch) -> tuple[float, ...]:
        return (sum(finding.signs),)

    def fit(self, pairs: Sequence[Pair], *, views: int) -> ChannelCalibration | None:
        return fit(pairs, generation=generation_of(self.encoder.spec))


def most_points(listing: LocalFeatures, view: ObjectView) -> int:
    """Returns the points in common with the view's brightness or, for a grey copy, with its luma."""
    return max(in_common(listing, points) for points in view.points)
