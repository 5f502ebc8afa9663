"""Matching with the fake encoder and calibrations made by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
from django.core.files.base import ContentFile

from detection.matching.catalogue import DatabaseCatalogue
from detection.matching.matcher import Matcher
from fingerprints.actions.enrol import enrol_design
from fingerprints.index.live import LiveIndex
from fingerprints.models import Brand, Design, DesignImage
from lab.calibration.memory import MemoryCatalogue
from tests import factories
from tests.fake_encoder import SPEC, FakeEncoder
from tests.pictures import encoded
from vision.channels.background import NO_BACKGROUND
from vision.channels.evidence import Evidence
from vision.channels.image_features import ImageFeatures, extract_features
from vision.channels.similarity import Calibration
from vision.encoders.generation import generation_of
from vision.geometry import features
from vision.geometry.agreement import NONE, Agreement
from vision.geometry.regions import WHOLE
from vision.geometry.verification import Geometry
from vision.pictures.decode import Decoded, Picture, pixel_sha256

# Cosine 0.9 alone scores 72; with 10 inliers beyond the 6 of chance, 93; many lead to 100.
BY_HAND = Calibration(
    name="by-hand",
    generation=generation_of(SPEC),
    geometry_version=features.VERSION,
    weights=(1.0, 1.0, 1.0),
    knots=((0.0, 0.0), (1.0, 80.0), (2.0, 85.0), (4.0, 97.0), (5.0, 100.0)),
    chance_inliers=6,
    chance_cells=5.0,
    copy_exactness=0.5,
    design_exactness=0.2,
    background="",
    provenance={},
)


def calibration(**changes: Any) -> Calibration:
    return replace(BY_HAND, **changes)


def geometry(inliers: int) -> Geometry | None:
    return Geometry(np.eye(3), inliers, inliers) if inliers else None


def evidence(cosine: float, inliers: int = 0, **fields: Any) -> Evidence:
    """Where there are inliers, most of the view is found again beside its place."""
    agreement = Agreement(40, 36, 0) if inliers else NONE
    made = Evidence(cosine, WHOLE, geometry=geometry(inliers), agreement=agreement)
    return replace(made, **fields)


def decoded(picture: Picture) -> Decoded:
    return Decoded(picture, "PNG", pixel_sha256(picture))


def seen(picture: Picture) -> ImageFeatures:
    return extract_features(decoded(picture), FakeEncoder(), FakeEncoder())


def memory() -> MemoryCatalogue:
    return MemoryCatalogue(SPEC.dimension)


def matcher(index: LiveIndex, **changes: Any) -> Matcher:
    return Matcher(
        FakeEncoder(),
        FakeEncoder(),
        DatabaseCatalogue(index, NO_BACKGROUND),
        calibration(**changes),
        {"numpy": np.__version__},
    )


def enrolled(of: Brand, picture: Picture, name: str = "Bottle") -> Design:
    """A design with that picture as its one view, enrolled as in production."""
    design = registered(of, picture, name)
    enrol_design(design=design, encoder=FakeEncoder())
    return design


def registered(of: Brand, picture: Picture, name: str = "Bottle", **fields: Any) -> Design:
    """The same before its enrolment."""
    design = factories.design(of, name, **fields)
    DesignImage.objects.create(
        design=design,
        position=0,
        name="front.png",
        file=ContentFile(encoded(picture), "front.png"),
        sha256="0" * 64,
    )
    return design
