"""A matcher for unit tests: the fake encoder, the database's catalogue, a calibration by hand."""

from pathlib import Path

from detection.actions.catalogue import DatabaseCatalogue
from detection.actions.match import Matcher
from detection.matching.similarity import Calibration
from fingerprints.encoders.generation import generation_of
from fingerprints.geometry import features
from fingerprints.index.live import LiveIndex
from tests.fake_encoder import SPEC, FakeEncoder

CALIBRATION = Calibration(
    name="by hand",
    generation=generation_of(SPEC),
    geometry_version=features.VERSION,
    cosine_weight=5.0,
    inlier_weight=4.0,
    knots=((0.0, 0.0), (4.9, 50.0), (9.0, 85.0), (22.0, 97.0), (30.0, 100.0)),
    spurious_inliers=8,
    copy_cosine=0.6,
    provenance={},
)


def fake_matcher(folder: Path) -> Matcher:
    catalogue = DatabaseCatalogue(LiveIndex(SPEC, folder))
    return Matcher(FakeEncoder(), catalogue, CALIBRATION, {"numpy": "any"})
