"""A file that shows several pictures is matched in each, and a match says in which."""

import cv2
import numpy as np
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import Marketplace
from detection.intake.models import Listing, Rendition
from detection.matching.actions.match_listing import match_listing
from detection.matching.actions.rescore import rescore
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.review.actions.cluster import cluster_of
from detection.review.models import Alert
from fingerprints.actions.enrol import enrol_design
from fingerprints.models import Brand, DesignImage
from tests import factories
from tests.detection.scenes import BOTTLE, COPY, UNRELATED, posted
from tests.fake_encoder import FakeEncoder
from tests.matchers import channels, enrolled, registered
from tests.pictures import encoded
from tests.vision.pictures.made import saved
from vision.pictures.picture import Picture
from vision.pictures.renditions import decode_view


def in_white(picture: Picture) -> bytes:
    """As print in white ink on nothing: the lighter, the more ink."""
    ink = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    image = Image.new("RGBA", ink.size, "white")
    image.putalpha(ink)
    return saved(image, "PNG")


def matched(listing: Listing, matcher: Matcher) -> Listing:
    match_listing(listing=listing, matcher=matcher)
    return Listing.objects.get(pk=listing.pk)


def test_a_design_in_white_on_nothing_is_found_on_the_dark_ground(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    assert matched(posted(marketplace, in_white(COPY)), matcher).verdict == "hold"
    match = Match.objects.get()
    assert match.rendition
    assert (match.rendition.ground, match.rendition.number) == ("dark", 1)
    assert match.matched_pixels == match.rendition.pixel_sha256


def test_it_is_registered_from_such_a_file_and_found_on_either_ground(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    design = registered(brand, BOTTLE)
    view = design.images.get()
    view.file.save("mark.png", ContentFile(in_white(BOTTLE)))
    enrol_design(design=design, encoder=FakeEncoder(), channels=channels())
    view.refresh_from_db()
    assert view.state == DesignImage.State.ENROLLED
    assert "on_dark_ground" in [warning["code"] for warning in view.warnings]
    on_dark = decode_view(in_white(COPY)).decoded.pixels
    grey = cv2.cvtColor(cv2.cvtColor(COPY, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    shown: list[Picture | bytes] = [
        on_dark,
        np.asarray(grey, np.uint8),
        in_white(COPY),
        np.asarray(255 - grey, np.uint8),
    ]
    verdicts = [
        matched(posted(marketplace, picture, external_id=f"offer-{number}"), matcher).verdict
        for number, picture in enumerate(shown)
    ]
    assert verdicts == ["hold"] * 4


def film(*pictures: Picture, shown: list[int]) -> bytes:
    first, *others = map(Image.fromarray, pictures)
    return saved(first, "GIF", save_all=True, append_images=others, duration=shown)


def test_a_copy_that_an_animation_shows_last_is_held_and_its_frame_is_named(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    plain = [np.full_like(COPY, 200 + number) for number in range(7)]
    listing = matched(posted(marketplace, film(*plain, COPY, shown=[200] * 7 + [5000])), matcher)
    assert listing.verdict == "hold"
    rendition = Match.objects.get().rendition
    assert rendition
    assert (rendition.frame, rendition.milliseconds, rendition.ground) == (7, 1400, "")
    again = rescore(match=Match.objects.get(), matcher=matcher)
    assert again.again == again.stored


def test_animations_that_begin_plain_are_not_near_identical_for_that(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    """The look that matches is compared, and for checks the one that has most in it."""
    enrolled(brand, BOTTLE)
    plain, turned = np.full_like(COPY, 200), np.ascontiguousarray(COPY[:, ::-1])
    for number, picture in enumerate([COPY, turned, COPY]):
        data = film(plain, picture, shown=[100 + number, 100])
        matched(posted(marketplace, data, external_id=f"offer-{number}"), matcher)
    first, other, same = Alert.objects.order_by("listing__external_id")
    assert cluster_of(
        first, factories.member(factories.operator(), "r", role="reviewer")
    ).members == [same]
    hashes = [alert.match.listing_image.perceptual_hash for alert in (first, other, same)]
    assert hashes[0] == hashes[2] != hashes[1]


def test_an_animated_view_is_refused_with_what_to_send(
    brand: Brand, marketplace: Marketplace
) -> None:
    design = registered(brand, BOTTLE)
    view = design.images.get()
    view.file.save("film.gif", ContentFile(film(BOTTLE, UNRELATED, shown=[100, 100])))
    enrol_design(design=design, encoder=FakeEncoder(), channels=channels())
    view.refresh_from_db()
    assert view.error
    assert view.error["code"] == "several_pictures"
    assert view.error["remedy"].startswith("Upload the frame that you want as a still picture")


def test_an_opaque_picture_has_no_renditions(marketplace: Marketplace, matcher: Matcher) -> None:
    matched(posted(marketplace, UNRELATED), matcher)
    assert not Rendition.objects.exists()
    assert ImageEmbedding.objects.get().rendition == 0


def test_the_same_file_again_is_not_embedded_again(
    brand: Brand,
    marketplace: Marketplace,
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enrolled(brand, BOTTLE)
    matched(posted(marketplace, in_white(COPY)), matcher)
    monkeypatch.setattr("detection.matching.actions.match_listing.match_rendition", None)
    again = matched(posted(marketplace, in_white(COPY), external_id="offer-2"), matcher)
    assert again.verdict == "hold"
    image = again.images.get()
    assert [rendition.ground for rendition in image.renditions.all()] == ["light", "dark"]
    assert image.embeddings.count() == 2
    match = image.matches.get()
    assert match.rendition in image.renditions.all()
    assert match.similarity == Match.objects.exclude(pk=match.pk).get().similarity


def test_its_match_can_be_made_again_from_what_was_stored(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    matched(posted(marketplace, in_white(COPY)), matcher)
    again = rescore(match=Match.objects.get(), matcher=matcher)
    assert again.again == again.stored
    assert not again.changed


def test_an_opaque_copy_and_a_transparent_one_are_both_of_the_view(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = matched(posted(marketplace, encoded(COPY), in_white(COPY)), matcher)
    matches = Match.objects.filter(listing_image__listing=listing)
    assert [bool(match.rendition) for match in matches.order_by("listing_image__position")] == [
        False,
        True,
    ]
