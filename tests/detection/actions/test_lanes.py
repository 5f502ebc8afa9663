"""A design found by the lane of its kind, from registration to the stored match."""

from pathlib import Path

import numpy as np
import pytest
from detection.matching.catalogue import DatabaseCatalogue
from vision.channels.encoders import NO_LANES, Lanes
from vision.channels.similarity import LaneMap

from accounts.models import Marketplace
from detection.matching.actions.match_listing import match_listing
from detection.matching.actions.rescore import rescore
from detection.matching.matcher import Matcher, calibrated
from detection.matching.models import Match
from detection.review.models import Alert
from fingerprints.actions.enrol import enrol_design
from fingerprints.index.live import LiveIndex
from fingerprints.models import Brand
from tests.detection.actions.scenes import posted
from tests.fake_encoder import SPEC, FakeEncoder, OfThings
from tests.logos import letter, placed
from tests.matchers import calibration, registered
from tests.pictures import photograph
from vision.channels.background import NO_BACKGROUND
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_encoder
from vision.pictures.decode import Picture


@pytest.fixture(scope="module")
def marks() -> Encoder:
    return load_encoder("logo")


@pytest.fixture
def lanes(marks: Encoder) -> Lanes:
    return Lanes(OfThings(), marks)


@pytest.fixture
def in_lanes(tmp_path: Path, lanes: Lanes) -> Matcher:
    assert lanes.marks
    made = calibration(
        weights=(0.0, 1.0, 1.0),
        objects=LaneMap(lanes.objects_generation, ((0.8, 50.0), (1.0, 85.0), (1.3, 95.0))),
        marks=LaneMap(
            lanes.marks_generation, ((1.0, 50.0), (3.0, 85.0), (9.0, 96.0)), (1.0, 0.5, 0.5, 0.5)
        ),
    )
    catalogue = DatabaseCatalogue(
        LiveIndex(SPEC, tmp_path / "index"),
        NO_BACKGROUND,
        lanes,
        LiveIndex(lanes.marks.spec, tmp_path / "index"),
    )
    return Matcher(FakeEncoder(), FakeEncoder(), catalogue, made, {}, lanes)


def found_by(lanes: Lanes, brand: Brand, kind: str, picture: Picture) -> None:
    design = registered(brand, picture, design_kind=kind)
    enrol_design(design=design, encoder=FakeEncoder(), lanes=lanes)


@pytest.mark.encoder
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_mark_on_a_scene_is_held_and_outlined(
    brand: Brand, marketplace: Marketplace, in_lanes: Matcher, *, mirrored: bool
) -> None:
    found_by(in_lanes.lanes, brand, "logo", letter())
    shown = np.ascontiguousarray(letter()[:, ::-1]) if mirrored else letter()
    listing = posted(marketplace, placed(shown, photograph("coffee.png"), (245, 240, 60)))
    match_listing(listing=listing, matcher=in_lanes)
    alert = Alert.objects.get()
    match = alert.match
    assert (match.lane, match.match_kind) == ("mark", "same_design")
    assert match.variant == ("mirrored" if mirrored else "original")
    assert match.lanes["mark"]["outline"] > 0.85
    assert match.edit["mirrored"] is mirrored
    assert match.edit["scene"] < 0.2
    # The ink stands between 202 and 301 pixels from the left, 104 and 216 from the top, of 600 x 400.
    left, top = np.min(match.listing_polygon, axis=0) * (600, 400)
    right, bottom = np.max(match.listing_polygon, axis=0) * (600, 400)
    assert np.abs(np.array([top, bottom]) - (104, 217)).max() < 12
    assert 170 < left < right < 332


@pytest.mark.encoder
def test_a_match_of_a_lane_is_reproduced(
    brand: Brand, marketplace: Marketplace, in_lanes: Matcher
) -> None:
    found_by(in_lanes.lanes, brand, "logo", letter())
    listing = posted(marketplace, placed(letter(), photograph("coffee.png"), (245, 240, 60)))
    match_listing(listing=listing, matcher=in_lanes)
    match = Match.objects.get()
    found = rescore(match=match, matcher=in_lanes)
    assert (found.again, found.changed) == (match.similarity, {})


@pytest.mark.encoder
def test_a_solid_is_held(brand: Brand, marketplace: Marketplace, in_lanes: Matcher) -> None:
    thing = np.full((200, 200, 3), 15, np.uint8)
    thing[60:150, 40:160] = (200, 40, 30)
    thing[80:100, 60:140] = (240, 240, 230)
    turned = np.full((200, 200, 3), 15, np.uint8)
    turned[60:150, 48:156] = (200, 40, 30)
    turned[80:100, 70:142] = (240, 240, 230)
    found_by(in_lanes.lanes, brand, "object", thing)
    match_listing(listing=posted(marketplace, turned), matcher=in_lanes)
    match = Match.objects.get()
    assert match.lane == "object"
    assert match.similarity >= 85
    assert match.lanes["object"]["colours"] > 0.74


@pytest.mark.encoder
def test_a_match_names_the_lanes_encoders(
    brand: Brand, marketplace: Marketplace, in_lanes: Matcher
) -> None:
    found_by(in_lanes.lanes, brand, "logo", letter())
    match_listing(
        listing=posted(marketplace, placed(letter(), photograph("coffee.png"), (245, 240, 60))),
        matcher=in_lanes,
    )
    named = [lane["name"] for lane in Match.objects.get().reproduction["lanes"]]
    assert named == ["fake-things", "logo"]


@pytest.mark.encoder
def test_a_lane_whose_encoder_the_calibration_does_not_know_is_off(lanes: Lanes) -> None:
    assert calibrated(lanes, calibration()) == NO_LANES
    known = calibration(marks=LaneMap(lanes.marks_generation, ((0.0, 0.0), (1.0, 85.0)), (1.0,)))
    assert calibrated(lanes, known) == Lanes(marks=lanes.marks)
