"""The same pixels are neither embedded nor searched for again while nothing changed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from accounts.models import Marketplace
from detection.intake.models import ListingImage
from detection.matching.actions import match_listing as matching
from detection.matching.actions.rescore import rescore
from detection.matching.matcher import Matcher
from detection.matching.models import Match
from detection.matching.register import DatabaseRegister
from detection.matching.reuse import remembered
from fingerprints.actions.enrol import enrol_design
from fingerprints.models import Brand
from tests import matchers
from tests.detection.matching.scenes import after_matching, pixels_with_a_result
from tests.detection.scenes import BLURRED, BOTTLE, COPY, posted
from tests.fake_encoder import FakeEncoder, OfThings
from tests.matchers import calibration, copy_calibration, enrolled, registered
from tests.pictures import drawn, encoded
from vision.channels.calibration import ChannelCalibration
from vision.channels.channel import Evidence
from vision.channels.image_features import ImageFeatures
from vision.channels.matching import match_image
from vision.channels.register import Register, View
from vision.channels.registry import Channels, generation
from vision.encoders.base import Vectors
from vision.pictures.decode import decode
from vision.pictures.picture import Picture


def test_the_same_pixels_are_not_embedded_again(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    class Counting(FakeEncoder):
        seen = 0

        def embed(self, pictures: Sequence[Picture]) -> Vectors:
            self.seen += len(pictures)
            return super().embed(pictures)

    enrolled(brand, BOTTLE)
    encoder = Counting()
    counting = replace(matcher, encoder=encoder, quick=encoder)
    first = after_matching(posted(marketplace, COPY), counting)
    embedded = encoder.seen
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), counting)
    assert encoder.seen == embedded
    assert [m.similarity for m in Match.objects.filter(listing_image__listing=again)] == [
        m.similarity for m in Match.objects.filter(listing_image__listing=first)
    ]


def test_the_same_pixels_are_not_even_searched_for_while_nothing_changed(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(brand, BOTTLE)
    first = after_matching(posted(marketplace, COPY), matcher)
    searched: list[object] = []

    def search(
        features: ImageFeatures, register: Register, channels: Channels
    ) -> list[tuple[View, Evidence]]:
        searched.append(features)
        return match_image(features, register, channels)

    monkeypatch.setattr(matching, "match_image", search)
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert not searched
    assert (again.verdict, again.alerts.count()) == (first.verdict, 1)
    mine, theirs = (Match.objects.get(listing_image__listing=one) for one in (again, first))
    assert (mine.similarity, mine.reproduction) == (theirs.similarity, theirs.reproduction)
    assert rescore(match=mine, matcher=matcher).agrees
    enrolled(brand, drawn(5))
    after_matching(posted(marketplace, COPY, external_id="offer-3"), matcher)
    assert len(searched) == 1


def test_vectors_are_used_again_only_from_the_same_encoders(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    pixels = pixels_with_a_result(marketplace, matcher)
    same = replace(decode(encoded(COPY)), pixel_sha256=pixels)
    assert remembered(same, matcher.features_version)
    other = replace(matcher, quick=OfThings())
    assert remembered(same, other.features_version) is None


def test_a_listing_matched_before_a_channel_is_matched_by_it_when_it_comes_again(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, things: Channels, tmp_path: Path
) -> None:
    """Only the object channel finds the view: by the other's calibration nothing is alike."""
    blind = calibration(
        copy=copy_calibration(knots=((0.0, 0.0), (99.0, 1.0))),
        object=ChannelCalibration(
            generation(things["object"]), ((0.5, 50.0), (1.0, 90.0)), (1.0,) * 4
        ),
    )
    design = registered(brand, BOTTLE, design_kind="object")
    enrol_design(design=design, encoder=FakeEncoder(), channels=things)
    off = matchers.with_calibration(matcher, blind)
    register = DatabaseRegister(things, matchers.indexes(things, tmp_path / "index"))
    on = replace(matchers.with_channels(off, things), register=register)
    assert after_matching(posted(marketplace, BLURRED), off).verdict == "allow"
    again = posted(marketplace, BLURRED, external_id="offer-2")
    assert after_matching(again, on).verdict == "hold"


def test_a_result_is_used_again_though_the_other_picture_s_files_are_gone(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    first = ListingImage.objects.get()
    for file in (first.file, first.preview):
        file.storage.delete(file.name or "")
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert again.verdict == "hold"
    assert again.images.get().preview.size
