"""What is stored of a match, by the channel that found it."""

from pathlib import Path

import numpy as np
import pytest

from accounts.models import Marketplace
from detection.intake.models import ListingImage
from detection.matching.actions.match_listing import match_listing
from detection.matching.actions.rescore import rescore
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.review.models import Alert
from fingerprints.actions.enrol import enrol_design
from fingerprints.models import Brand
from tests import matchers
from tests.detection.matching.scenes import after_matching
from tests.detection.scenes import BOTTLE, COPY, posted
from tests.fake_encoder import SPEC, FakeEncoder, OfThings
from tests.logos import letter, placed
from tests.matchers import calibration, copy_calibration, enrolled, registered
from tests.pictures import photograph
from vision.channels.calibration import ChannelCalibration
from vision.channels.registry import Channels, calibrated, generation
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_encoder
from vision.geometry.features import LocalFeatures
from vision.pictures.decode import decode
from vision.pictures.picture import Picture


@pytest.fixture(scope="module")
def logos() -> Encoder:
    return load_encoder("logo")


@pytest.fixture
def all_channels(logos: Encoder) -> Channels:
    return matchers.channels(objects=OfThings(), logos=logos)


@pytest.fixture
def matcher(tmp_path: Path, all_channels: Channels) -> Matcher:
    return matchers.matcher(
        tmp_path / "index",
        all_channels,
        copy=copy_calibration(weights=(0.0, 1.0, 1.0)),
        object=ChannelCalibration(
            generation(all_channels["object"]),
            ((0.8, 50.0), (1.0, 85.0), (1.3, 95.0)),
            (1.0,) * 4,
        ),
        logo=ChannelCalibration(
            generation(all_channels["logo"]),
            ((1.0, 50.0), (3.0, 85.0), (9.0, 96.0)),
            (1.0, 0.5, 0.5, 0.5),
        ),
    )


def enrolled_in(channels: Channels, brand: Brand, kind: str, picture: Picture) -> None:
    design = registered(brand, picture, design_kind=kind)
    enrol_design(design=design, encoder=FakeEncoder(), channels=channels)


@pytest.mark.encoder
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_logo_on_a_scene_is_held_and_outlined(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, *, mirrored: bool
) -> None:
    enrolled_in(matcher.channels, brand, "logo", letter())
    shown = np.ascontiguousarray(letter()[:, ::-1]) if mirrored else letter()
    listing = posted(marketplace, placed(shown, photograph("coffee.png"), (245, 240, 60)))
    match_listing(listing=listing, matcher=matcher)
    alert = Alert.objects.get()
    match = alert.match
    assert (match.channel, match.match_kind) == ("logo", "same_design")
    assert match.variant == ("mirrored" if mirrored else "original")
    assert match.evidence["logo"]["outline"] > 0.85
    assert match.edit["mirrored"] is mirrored
    assert match.edit["scene"] < 0.2
    # The ink stands between 202 and 301 pixels from the left, 104 and 216 from the top, of 600 x 400.
    left, top = np.min(match.listing_polygon, axis=0) * (600, 400)
    right, bottom = np.max(match.listing_polygon, axis=0) * (600, 400)
    assert np.abs(np.array([top, bottom]) - (104, 217)).max() < 12
    assert 170 < left < right < 332


@pytest.mark.encoder
def test_a_match_of_a_channel_is_reproduced(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled_in(matcher.channels, brand, "logo", letter())
    listing = posted(marketplace, placed(letter(), photograph("coffee.png"), (245, 240, 60)))
    match_listing(listing=listing, matcher=matcher)
    match = Match.objects.get()
    found = rescore(match=match, matcher=matcher)
    assert (found.again, found.changed) == (match.similarity, {})


@pytest.mark.encoder
def test_a_solid_thing_is_held(brand: Brand, marketplace: Marketplace, matcher: Matcher) -> None:
    thing = np.full((200, 200, 3), 15, np.uint8)
    thing[60:150, 40:160] = (200, 40, 30)
    thing[80:100, 60:140] = (240, 240, 230)
    turned = np.full((200, 200, 3), 15, np.uint8)
    turned[60:150, 48:156] = (200, 40, 30)
    turned[80:100, 70:142] = (240, 240, 230)
    enrolled_in(matcher.channels, brand, "object", thing)
    match_listing(listing=posted(marketplace, turned), matcher=matcher)
    match = Match.objects.get()
    assert match.channel == "object"
    assert match.similarity >= 85
    assert match.evidence["object"]["colours"] > 0.74


@pytest.mark.encoder
def test_a_match_names_the_channels_encoders(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled_in(matcher.channels, brand, "logo", letter())
    match_listing(
        listing=posted(marketplace, placed(letter(), photograph("coffee.png"), (245, 240, 60))),
        matcher=matcher,
    )
    made_by = Match.objects.get().reproduction["channels"]
    assert {name: model["name"] for name, model in made_by.items()} == {
        "copy": "fake",
        "object": "fake-things",
        "logo": "logo",
    }


@pytest.mark.encoder
def test_a_channel_whose_encoder_the_calibration_does_not_know_is_off(
    all_channels: Channels,
) -> None:
    assert list(calibrated(all_channels, calibration())) == ["copy"]
    logo = ChannelCalibration(generation(all_channels["logo"]), ((0.0, 0.0), (1.0, 85.0)), (1.0,))
    assert list(calibrated(all_channels, calibration(logo=logo))) == ["copy", "logo"]


def test_a_match_shows_where_it_is_and_what_made_the_number(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    match = Match.objects.get()
    assert len(match.listing_polygon) >= 4
    assert len(match.view_polygon) >= 4
    assert np.array(match.homography).shape == (3, 3)
    assert match.reproduction["calibration"] == "by-hand"
    assert match.reproduction["picture_sha256"] == match.listing_image.sha256
    assert match.reproduction["view_sha256"] == match.view.sha256
    assert match.reproduction["channels"]["copy"] == {
        "name": SPEC.name,
        "version": SPEC.version,
        "sha256": SPEC.identity,
    }
    assert set(match.reproduction) >= {"encoder", "geometry", "libraries"}


def test_several_copies_are_one_match_with_several_places(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, np.tile(BOTTLE, (2, 2, 1))), matcher)
    match = Match.objects.get()
    places = [match.listing_polygon, *match.further_polygons]
    quarters = {tuple(np.mean(place, axis=0) > 0.5) for place in places}
    assert len(places) == len(quarters) == 4
    assert Alert.objects.get().match == match


def test_the_embedding_is_kept_so_that_nothing_is_embedded_again(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    after_matching(posted(marketplace, COPY), matcher)
    kept = ImageEmbedding.objects.get()
    vectors = np.frombuffer(kept.vectors, "<f4").reshape(len(kept.regions), -1)
    assert kept.regions[0] == [0, 0, 1, 1]
    [whole] = FakeEncoder().embed([COPY])
    assert float(vectors[0] @ whole) == pytest.approx(1, abs=1e-4)
    assert len(LocalFeatures.from_bytes(bytes(kept.features))) > 10


def test_a_matched_picture_knows_its_size_and_has_a_preview(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    after_matching(posted(marketplace, COPY), matcher)
    image = ListingImage.objects.get()
    assert (image.state, image.width, image.height) == ("embedded", COPY.shape[1], COPY.shape[0])
    with image.preview.open() as preview:
        assert decode(preview.read()).format == "JPEG"
