"""Similarity is a number from 0 to 100 that rises with the evidence."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from vision.channels.similarity import (
    Calibration,
    NotCalibrated,
    interpolate,
    load_background,
    load_calibration,
)

from tests.fake_encoder import SPEC
from tests.matchers import BY_HAND, calibration, evidence
from vision.channels import calibrations, similarity
from vision.channels.calibrations import FOLDER, calibration_path
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import CATALOGUE
from vision.encoders.generation import generation_of
from vision.geometry import features
from vision.geometry.agreement import Agreement

FILES = sorted(FOLDER.glob("*.json"))
CALIBRATED = [spec for spec in CATALOGUE.values() if calibration_path(spec) in FILES]
MADE = st.sampled_from([BY_HAND, *(load_calibration(spec) for spec in CALIBRATED)])
COSINES = st.floats(-1, 1)
INLIERS = st.integers(0, 1000)


@hypothesis.given(MADE, COSINES, COSINES, INLIERS)
def test_similarity_rises_with_the_cosine(
    made: Calibration, one: float, other: float, inliers: int
) -> None:
    low, high = sorted([one, other])
    assert made.similarity(evidence(low, inliers)) <= made.similarity(evidence(high, inliers))


@hypothesis.given(MADE, COSINES, INLIERS, INLIERS)
def test_similarity_rises_with_the_inliers(
    made: Calibration, cosine: float, one: int, other: int
) -> None:
    few, many = sorted([one, other])
    assert made.similarity(evidence(cosine, few)) <= made.similarity(evidence(cosine, many))


@hypothesis.given(MADE, st.floats(-1.001, 1.001), st.integers(0, 100_000))
def test_similarity_lies_between_0_and_100(made: Calibration, cosine: float, inliers: int) -> None:
    assert 0 <= made.similarity(evidence(cosine, inliers)) <= 100


@hypothesis.given(MADE)
def test_no_evidence_at_all_scores_0(made: Calibration) -> None:
    assert made.similarity(evidence(0.0)) == 0
    assert made.similarity(evidence(-1.0)) == 0


@hypothesis.given(MADE, COSINES)
def test_identical_pixels_score_100_whatever_else(made: Calibration, cosine: float) -> None:
    assert made.similarity(evidence(cosine, identical=True)) == 100


CELLS = st.integers(0, 100)


def agreeing(cells: int, alike: int, in_place: int) -> Agreement:
    """Of so many cells; not more of them can be found again, or be in place, than there are."""
    return Agreement(cells, min(cells, alike), min(cells, in_place))


@hypothesis.given(MADE, COSINES, INLIERS, CELLS, CELLS, CELLS, CELLS)
def test_similarity_rises_as_more_of_the_view_is_found_again(
    made: Calibration, cosine: float, inliers: int, cells: int, one: int, other: int, exact: int
) -> None:
    few, many = (
        made.similarity(evidence(cosine, inliers, agreement=agreeing(cells, alike, exact)))
        for alike in sorted([one, other])
    )
    assert few <= many


@hypothesis.given(MADE, COSINES, INLIERS, CELLS, CELLS, CELLS)
def test_similarity_rises_as_more_of_the_view_is_in_place(
    made: Calibration, cosine: float, inliers: int, cells: int, one: int, other: int
) -> None:
    few, many = (
        made.similarity(evidence(cosine, inliers, agreement=agreeing(cells, cells, exact)))
        for exact in sorted([one, other])
    )
    assert few <= many


@hypothesis.given(MADE, st.floats(0.9, 1), st.integers(8, 100))
def test_the_same_picture_encoded_anew_scores_97_without_a_point_to_match(
    made: Calibration, cosine: float, cells: int
) -> None:
    assert made.similarity(evidence(cosine, agreement=Agreement(cells, cells, cells))) >= 97


def test_shared_points_prove_less_where_the_pictures_differ() -> None:
    made = calibration()
    alike = evidence(0.2, 40, agreement=Agreement(40, 36, 0))
    only_a_frame = evidence(0.2, 40, agreement=Agreement(40, 6, 0))
    assert made.similarity(only_a_frame) < made.similarity(alike)


def test_inliers_that_chance_explains_count_for_nothing() -> None:
    made = calibration(chance_inliers=6)
    assert made.similarity(evidence(0.4, 6)) == made.similarity(evidence(0.4, 0))
    assert made.similarity(evidence(0.4, 7)) > made.similarity(evidence(0.4, 6))


@pytest.mark.parametrize(("inliers", "confirmed"), [(0, False), (6, False), (7, True)])
def test_geometry_is_confirmed_by_more_than_chance(*, inliers: int, confirmed: bool) -> None:
    assert calibration(chance_inliers=6).confirms(evidence(0.9, inliers)) is confirmed


@pytest.mark.parametrize(
    ("strength", "expected"),
    [(-1, 0), (0, 0), (0.5, 40), (1, 80), (1.5, 82.5), (3, 91), (5, 100), (99, 100)],
)
def test_straight_lines_join_the_knots(strength: float, expected: float) -> None:
    assert interpolate(BY_HAND.knots, strength) == pytest.approx(expected)


def test_an_encoder_without_calibration_refuses_and_names_the_command() -> None:
    with pytest.raises(NotCalibrated, match="fake 1") as refused:
        load_calibration(SPEC)
    assert refused.value.remedy == "Run: manage.py calibrate DIR --encoder fake"


@pytest.mark.parametrize("stale", [{"generation": "another"}, {"geometry_version": "sift-0"}])
def test_a_calibration_for_other_weights_or_geometry_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stale: dict[str, str]
) -> None:
    monkeypatch.setattr(calibrations, "FOLDER", tmp_path)
    spec = replace(SPEC, name="stored")
    stored = {**BY_HAND.__dict__, "generation": generation_of(spec)}
    calibration_path(spec).write_text(json.dumps(stored))
    assert load_calibration(spec).knots == BY_HAND.knots
    load_calibration.cache_clear()
    calibration_path(spec).write_text(json.dumps(stored | stale))
    with pytest.raises(NotCalibrated):
        load_calibration(spec)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
class TestEachStoredCalibration:
    def test_it_belongs_to_an_encoder_of_the_catalogue(self, path: Path) -> None:
        [spec] = [spec for spec in CATALOGUE.values() if calibration_path(spec) == path]
        stored = json.loads(path.read_text())
        assert stored["generation"] == generation_of(spec)
        assert stored["geometry_version"] == features.VERSION

    def test_it_rises_from_0_to_100_through_the_thresholds(self, path: Path) -> None:
        knots = json.loads(path.read_text())["knots"]
        assert [value for _, value in knots] == [0, 50, 85, 97, 100]
        assert all(later[0] > earlier[0] for earlier, later in pairwise(knots))

    def test_no_weight_is_negative(self, path: Path) -> None:
        stored = json.loads(path.read_text())
        assert len(stored["weights"]) == 3
        assert min(stored["weights"]) >= 0
        assert max(stored["weights"]) > 0

    def test_it_tells_where_it_comes_from(self, path: Path) -> None:
        provenance = json.loads(path.read_text())["provenance"]
        assert {"command", "made_on", "views", "listings", "libraries"} <= set(provenance)

    def test_the_cosine_of_unrelated_photographs_alone_raises_no_alert(self, path: Path) -> None:
        """0.46 is the highest that was measured."""
        [spec] = [spec for spec in CATALOGUE.values() if calibration_path(spec) == path]
        assert load_calibration(spec).similarity(evidence(0.46, 4)) < 70


@hypothesis.given(MADE, COSINES, st.floats(0, 1), st.floats(0, 1))
def test_similarity_never_rises_with_what_ordinary_pictures_reach(
    made: Calibration, cosine: float, one: float, other: float
) -> None:
    low, high = sorted([one, other])
    assert made.similarity(evidence(cosine, floor=high)) <= made.similarity(
        evidence(cosine, floor=low)
    )


def test_a_few_of_many_cells_in_place_prove_little() -> None:
    """A plane that four chance points fix: an object and another in like light."""
    by_chance = evidence(0.37, 4, agreement=Agreement(54, 33, 11), floor=0.35)
    for spec in CALIBRATED:
        assert load_calibration(spec).similarity(by_chance) < 70


@pytest.mark.parametrize("spec", CALIBRATED, ids=lambda spec: spec.name)
def test_a_calibration_without_its_background_refuses_to_serve(
    spec: EncoderSpec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    somewhere = np.full(spec.dimension, spec.dimension**-0.5, np.float32)
    assert 0 <= load_background(spec).floor(somewhere, somewhere) < 1
    another = tmp_path / "another.npz"
    another.write_bytes(b"another")
    monkeypatch.setattr(similarity, "background_path", lambda _: another)
    load_background.cache_clear()
    with pytest.raises(NotCalibrated):
        load_background(spec)
    load_background.cache_clear()
