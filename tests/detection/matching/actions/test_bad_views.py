"""What people register by mistake: each has an answer that says the way out. docs/portal.md has the table."""

from pathlib import Path

import numpy as np
import pytest
from django.core.files.base import ContentFile

from accounts.models import Marketplace
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher
from detection.matching.models import Match
from detection.review.models import Alert
from fingerprints.actions.enrol import enrol_view
from fingerprints.models import Brand, DesignImage, Fingerprint
from tests import commonplace, factories, matchers
from tests.commonplace import canvas
from tests.detection.matching.scenes import after_matching
from tests.detection.scenes import BOTTLE, COPY, posted
from tests.fake_encoder import FakeEncoder
from tests.logos import crescent, letter
from tests.matchers import channels, enrolled
from tests.pictures import drawn, encoded
from tests.print import barcode, page, qr_code, table
from vision.channels.registry import generation
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_encoder
from vision.pictures.picture import Picture

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def logos() -> Encoder:
    return load_encoder("logo")


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    return matchers.matcher(tmp_path / "index")


def enrolled_as(
    kind: str, brand: Brand, picture: Picture, logos: Encoder | None = None
) -> DesignImage:
    view = DesignImage.objects.create(
        design=factories.design(brand, design_kind=kind),
        position=0,
        name="front.png",
        file=ContentFile(encoded(picture), "front.png"),
        sha256="0" * 64,
    )
    enrol_view(image=view, encoder=FakeEncoder(), channels=channels(logos=logos))
    view.refresh_from_db()
    return view


def codes(view: DesignImage) -> list[str]:
    return [warning["code"] for warning in view.warnings]


@pytest.mark.parametrize("kind", ["packaging", "photo", "object", "logo"])
@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (commonplace.blank("navy"), "too_common"),
        (page(1), "text_only"),
        (table(1), "text_only"),
        (qr_code("https://example.org/1"), "code_only"),
        (barcode("40063813"), "code_only"),
    ],
    ids=["plain colour", "text", "table", "QR code", "barcode"],
)
def test_what_everybody_may_have_is_refused_with_a_way_out(
    brand: Brand, kind: str, picture: Picture, code: str
) -> None:
    view = enrolled_as(kind, brand, picture)
    assert (view.state, (view.error or {})["code"]) == ("refused", code)
    assert "Register" in (view.error or {})["remedy"]
    assert not Fingerprint.objects.exists()


def test_print_on_a_package_is_welcome(brand: Brand) -> None:
    front = np.concatenate([drawn(1), drawn(2), drawn(3)]).copy()
    front[340:460, 60:180] = qr_code("https://example.org/1")[:240:2, :240:2]
    assert enrolled_as("packaging", brand, front).state == "enrolled"


def blue_disc() -> Picture:
    image, pen = canvas(400, 400)
    pen.ellipse((60, 60, 340, 340), fill=(20, 40, 200))
    return np.array(image)


def test_of_a_view_without_features_only_the_picture_itself_is_a_copy(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    """Another disc lies on it as a recoloured copy would: it is a resemblance, for people to judge."""
    view = enrolled_as("packaging", brand, commonplace.disc())
    assert "too_little_to_match_on" in codes(view)
    kinds = []
    for number, shown in enumerate((commonplace.disc(), blue_disc())):
        listing = posted(marketplace, shown, external_id=f"offer-{number}")
        match_listing(listing=listing, matcher=matcher)
        kinds.append(Match.objects.get(listing_image__listing=listing).match_kind)
    assert kinds == ["copy", "resemblance"]


@pytest.mark.parametrize("kind", ["packaging", "photo", "object"])
def test_a_logo_registered_as_something_else_is_enrolled_with_advice(
    brand: Brand, kind: str
) -> None:
    view = enrolled_as(kind, brand, letter())
    assert view.state == "enrolled"
    assert "looks_like_a_logo" in codes(view)


@pytest.mark.encoder
def test_a_logo_registered_as_a_logo_needs_no_advice(brand: Brand, logos: Encoder) -> None:
    view = enrolled_as("logo", brand, letter(), logos)
    assert codes(view) == ["small"]


@pytest.mark.encoder
def test_two_logos_in_one_picture_are_searched_for_as_one_and_the_owner_is_told(
    brand: Brand, logos: Encoder
) -> None:
    both = np.concatenate([letter(), np.full((200, 120, 3), 255, np.uint8), crescent()], axis=1)
    view = enrolled_as("logo", brand, both, logos)
    assert "several_logos" in codes(view)
    of_logos = generation(channels(logos=logos)["logo"])
    assert view.fingerprints.filter(generation=of_logos, variant="original").count() == 1


def test_two_products_in_one_picture_are_one_view(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    """Either alone is found as the part of it that it is."""
    enrolled(brand, np.concatenate([BOTTLE, drawn(1, width=300, height=200)], axis=1))
    after_matching(posted(marketplace, COPY), matcher)
    match = Match.objects.get()
    assert max(x for x, _ in match.view_polygon) < 0.6


def test_one_picture_registered_by_two_brands_is_found_for_both(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    other = factories.brand(factories.organisation("Other"), "Other")
    marketplace.admits.add(other.organisation)
    factories.right(other)
    for owner in (brand, other):
        enrolled(owner, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    found = {match.view.design.brand.name: match for match in Match.objects.all()}
    assert set(found) == {"Fizz", "Other"}
    assert len({match.similarity for match in found.values()}) == 1
    assert set(Alert.objects.values_list("brand__name", "verdict")) == {
        ("Fizz", "hold"),
        ("Other", "hold"),
    }


def test_an_unverified_claim_to_one_picture_takes_nothing_from_the_owner(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    squatter = factories.brand(factories.organisation("Squatter", verified=False), "Squatter")
    for owner in (squatter, brand):
        enrolled(owner, BOTTLE)
    listing = after_matching(posted(marketplace, COPY), matcher)
    assert listing.verdict == "hold"
    assert Match.objects.get(view__design__brand=brand).similarity >= 90
