"""Calibrations are files that belong to an encoder's weights and to this geometry."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.fake_encoder import SPEC
from tests.matchers import COPY_BY_HAND, calibration, copy_calibration, copy_match
from vision.channels import calibration as calibrations
from vision.channels.calibration import (
    FOLDER,
    NotCalibrated,
    calibration_path,
    interpolate,
    load_calibration,
)
from vision.channels.copy import NAME as COPY
from vision.channels.copy.strength import similarity
from vision.channels.registry import CHANNELS
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import CATALOGUE
from vision.encoders.generation import generation_of
from vision.geometry import features

CALIBRATED = [spec for spec in CATALOGUE.values() if calibration_path(spec).exists()]


@pytest.mark.parametrize(
    ("strength", "expected"),
    [(-1, 0), (0, 0), (0.5, 40), (1, 80), (1.5, 82.5), (3, 91), (5, 100), (99, 100)],
)
def test_straight_lines_join_the_knots(strength: float, expected: float) -> None:
    assert interpolate(COPY_BY_HAND.knots, strength) == pytest.approx(expected)


def test_an_encoder_without_calibration_refuses_and_names_the_command() -> None:
    with pytest.raises(NotCalibrated, match="fake 1") as refused:
        load_calibration(SPEC)
    assert refused.value.remedy == "Run: manage.py calibrate DIR --encoder fake"


@pytest.mark.parametrize("stale", ["generation", "geometry_version"])
def test_a_calibration_for_other_weights_or_geometry_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stale: str
) -> None:
    monkeypatch.setattr(calibrations, "FOLDER", tmp_path)
    spec = replace(SPEC, name="stored")
    stored = calibration(copy=copy_calibration(generation=generation_of(spec)))
    stored.save(calibration_path(spec))
    assert load_calibration(spec) == stored
    load_calibration.cache_clear()
    if stale == "generation":
        other = calibration(copy=copy_calibration(generation="another"))
    else:
        other = replace(stored, geometry_version="sift-0")
    other.save(calibration_path(spec))
    with pytest.raises(NotCalibrated):
        load_calibration(spec)


def test_only_vectors_that_it_was_fitted_to_mean_something_by_it() -> None:
    made = calibration()
    assert made.knows(COPY, SPEC)
    assert not made.knows(COPY, replace(SPEC, version="2"))
    assert not made.knows("another", SPEC)


def test_every_file_belongs_to_an_encoder_of_the_catalogue() -> None:
    assert {calibration_path(spec) for spec in CALIBRATED} == set(FOLDER.glob("*.json"))


@pytest.mark.parametrize("spec", CALIBRATED, ids=lambda spec: spec.name)
class TestEachStoredCalibration:
    def test_it_is_of_the_encoder_and_of_this_geometry(self, spec: EncoderSpec) -> None:
        stored = json.loads(calibration_path(spec).read_text())
        assert stored["channels"][COPY]["generation"] == generation_of(spec)
        assert stored["geometry_version"] == features.VERSION

    def test_it_has_a_part_for_every_channel(self, spec: EncoderSpec) -> None:
        assert list(load_calibration(spec).channels) == [channel.name for channel in CHANNELS]

    def test_it_rises_from_0_to_100_through_the_thresholds(self, spec: EncoderSpec) -> None:
        knots = load_calibration(spec).channels[COPY].knots
        assert [value for _, value in knots] == [0, 50, 85, 97, 100]

    def test_every_channel_rises_from_0(self, spec: EncoderSpec) -> None:
        for part in load_calibration(spec).channels.values():
            assert part.knots[0] == (0, 0)
            assert all(later > earlier for (earlier, _), (later, _) in pairwise(part.knots))
            assert all(later > earlier for (_, earlier), (_, later) in pairwise(part.knots))

    def test_no_weight_is_negative(self, spec: EncoderSpec) -> None:
        parts = load_calibration(spec).channels
        assert len(parts[COPY].weights) == 3
        assert max(parts[COPY].weights) > 0
        assert all(weight >= 0 for part in parts.values() for weight in part.weights)

    def test_it_tells_where_it_comes_from(self, spec: EncoderSpec) -> None:
        provenance = load_calibration(spec).provenance
        assert {"command", "made_on", "views", "listings", "libraries"} <= set(provenance)

    def test_the_cosine_of_unrelated_photographs_alone_raises_no_alert(
        self, spec: EncoderSpec
    ) -> None:
        """0.46 is the highest that was measured."""
        known = load_calibration(spec).channels[COPY]
        assert similarity(copy_match(0.46, 4), known) < 70
