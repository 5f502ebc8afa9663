"""A view that would be found in a large share of listings is refused, and says so."""

from collections.abc import Sequence
from functools import cache

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Marketplace
from detection.intake.models import ListingImage
from detection.matching.actions.check_distinctiveness import (
    Trial,
    in_listings,
    newest_of_each_seller,
)
from detection.matching.distinctiveness.share import Forecast
from detection.matching.models import ImageEmbedding
from detection.matching.versions import features_version
from fingerprints.actions.enrol import enrol_view
from fingerprints.models import Brand, DesignImage, Fingerprint
from tests import commonplace, factories
from tests.fake_encoder import SPEC
from tests.matchers import COPY_BY_HAND, channels, copy_view_of, seen
from tests.pictures import drawn, encoded, photograph
from vision.channels.image_features import ImageFeatures
from vision.edits import transforms as edits
from vision.encoders.base import Encoder
from vision.encoders.generation import generation_of
from vision.pictures.decode import decode
from vision.pictures.picture import Picture

pytestmark = pytest.mark.django_db
GENERATION = generation_of(SPEC)
VERSION = features_version(SPEC, SPEC)
ELSE = drawn(3)
BADGE = drawn(77)  # what a marketplace or an agency puts on everybody's pictures


def awaiting(brand: Brand, picture: Picture) -> DesignImage:
    return DesignImage.objects.create(
        design=factories.design(brand),
        position=0,
        name="front.png",
        file=ContentFile(encoded(picture), "front.png"),
        sha256="0" * 64,
    )


def after_enrolling(view: DesignImage, encoder: Encoder) -> DesignImage:
    enrol_view(image=view, encoder=encoder, channels=channels(base=encoder))
    view.refresh_from_db()
    return view


def test_a_blank_page_is_refused_and_its_page_says_why(
    brand: Brand, fake_encoder: Encoder, as_alice: Client
) -> None:
    view = after_enrolling(awaiting(brand, commonplace.blank()), fake_encoder)
    assert (view.state, view.error and view.error["code"]) == ("refused", "too_common")
    assert not Fingerprint.objects.exists()
    assert AuditEvent.objects.get(action="view.refused").data["code"] == "too_common"
    page = as_alice.get(reverse("design", args=[view.design_id])).text
    assert "% of ordinary listings" in page
    assert "Register what only your design has" in page


@pytest.mark.encoder
@pytest.mark.parametrize("name", ["blank", "shading", "ruled", "white-shirt", "watermark"])
def test_what_everybody_has_is_refused_by_the_service_as_it_ships(
    brand: Brand, sscd: Encoder, name: str
) -> None:
    view = after_enrolling(awaiting(brand, commonplace.COMMONPLACE[name]()), sscd)
    assert (view.error or {})["code"] == "too_common"


@pytest.mark.encoder
def test_what_other_sellers_pictures_have_too_is_refused_by_it(brand: Brand, sscd: Encoder) -> None:
    shown = edits.screenshot(photograph("coffee.png"))
    view = after_enrolling(awaiting(brand, shown), sscd)
    assert (view.error or {})["message"] == "It would match an estimated 6% of ordinary listings."


@pytest.mark.encoder
@pytest.mark.parametrize(
    "picture",
    [drawn(1), photograph("coffee.png"), photograph("logo.png"), commonplace.disc()],
    ids=["drawn", "photograph", "logo", "disc"],
)
def test_what_is_somebody_s_is_enrolled_by_it(
    brand: Brand, sscd: Encoder, picture: Picture
) -> None:
    assert after_enrolling(awaiting(brand, picture), sscd).state == "enrolled"


@cache
def observed(data: bytes) -> ImageFeatures:
    return seen(decode(data).pixels)


def listed(on: Marketplace, pictures: Sequence[Picture], *, verdict: str = "allow") -> list[int]:
    """A listing of a seller of its own for each, matched, with what is kept of its picture."""
    return [kept(on, picture, f"seller-{n}", verdict) for n, picture in enumerate(pictures)]


def kept(on: Marketplace, picture: Picture, seller: str, verdict: str) -> int:
    data = encoded(picture)
    known = observed(data)
    listing = factories.listing(
        on, seller_id=seller, state="matched", verdict=verdict, matched_at=timezone.now()
    )
    image = factories.listing_image(
        listing,
        file=ContentFile(data, "photo.png"),
        perceptual_hash=known.perceptual_hash,
    )
    return ImageEmbedding.objects.create(
        image=image,
        generation=GENERATION,
        features_version=VERSION,
        regions=[[r.left, r.top, r.width, r.height] for r in known.regions],
        vectors=known.vectors.astype("<f4").tobytes(),
        features=known.local.to_bytes(),
    ).pk


def forecast(picture: Picture) -> Forecast:
    return in_listings(Trial(copy_view_of(picture), COPY_BY_HAND, 85, VERSION))


def under_a_badge(seed: int) -> Picture:
    scene = drawn(seed, width=480, height=320)
    return edits.paste(BADGE, scene, area=0.2, x=seed % 3 / 2, y=seed % 2)


def test_what_many_sellers_have_in_different_pictures_is_refused(marketplace: Marketplace) -> None:
    listed(marketplace, [*map(under_a_badge, range(6)), *[ELSE] * 44])
    found = forecast(BADGE)
    assert (found.found, found.of) == (6, 50)
    assert found.error
    assert found.error["message"] == "It would match an estimated 12% of ordinary listings."


def test_what_many_sellers_copy_is_not_refused(marketplace: Marketplace) -> None:
    listed(marketplace, [*[under_a_badge(0)] * 6, *[ELSE] * 44])
    assert forecast(BADGE).error is None


def test_listings_that_are_held_say_that_it_is_copied(marketplace: Marketplace) -> None:
    listed(marketplace, [ELSE] * 50)
    kept(marketplace, under_a_badge(0), "seller-51", "hold")
    assert forecast(BADGE).of == 50


def test_few_listings_say_nothing(marketplace: Marketplace) -> None:
    listed(marketplace, [*map(under_a_badge, range(6)), *[ELSE] * 43])
    assert forecast(BADGE).error is None


def test_a_seller_counts_once_with_the_newest(marketplace: Marketplace) -> None:
    kept(marketplace, ELSE, "seller-1", "allow")
    newest = kept(marketplace, BADGE, "seller-1", "allow")
    assert newest_of_each_seller(VERSION) == [newest]


def test_a_listing_s_picture_that_is_gone_is_passed_over(marketplace: Marketplace) -> None:
    listed(marketplace, [*map(under_a_badge, range(6)), *[ELSE] * 44])
    for image in ListingImage.objects.all():
        image.file.storage.delete(image.file.name or "")
    assert forecast(BADGE).found == 0


@pytest.mark.encoder
def test_a_brand_s_high_threshold_is_no_way_round_it(brand: Brand, sscd: Encoder) -> None:
    """It may be lowered once the view is enrolled."""
    Brand.objects.update(review_threshold=100, block_threshold=100)
    shown = edits.screenshot(photograph("coffee.png"))
    view = after_enrolling(awaiting(Brand.objects.get(), shown), sscd)
    assert (view.error or {})["code"] == "too_common"
