"""Several designs in one listing: its verdict is the gravest of all pictures and matches."""

import pytest
from django.utils import timezone

from accounts.models import Marketplace, Organisation
from detection.intake.models import Listing, ListingImage
from detection.matching.models import Match
from detection.review.models import Alert
from fingerprints.models import Brand, Design
from tests import factories
from tests.detection.review.scenes import assessed

EITHER_WAY = pytest.mark.parametrize(("one", "other"), [(99.0, 88.0), (88.0, 99.0)])


@pytest.fixture
def listing(marketplace: Marketplace) -> Listing:
    now = timezone.now()
    allowed = {"verdict": "allow", "matched_at": now, "verdict_at": now}
    return factories.listing(marketplace, state="matched", **allowed)


@pytest.fixture
def picture(listing: Listing) -> ListingImage:
    return factories.listing_image(listing)


def shows(picture: ListingImage, design: Design, similarity: float, kind: str = "copy") -> Match:
    view = factories.view(design)
    return factories.match(picture, view, similarity=similarity, match_kind=kind)


@EITHER_WAY
def test_a_licence_for_one_design_lets_no_other_in_the_picture_pass(
    brand: Brand, marketplace: Marketplace, picture: ListingImage, one: float, other: float
) -> None:
    licensed, bare = factories.design(brand, "Licensed"), factories.design(brand, "Bare")
    factories.licence(brand, marketplace, design=licensed)
    shows(picture, licensed, one)
    match = shows(picture, bare, other)
    assert assessed(picture.listing).verdict == "hold"
    assert (Alert.objects.get().match, Alert.objects.get().rule) == (match, "awaits_review")


def test_licences_for_all_designs_in_the_picture_let_it_pass(
    brand: Brand, marketplace: Marketplace, picture: ListingImage
) -> None:
    for name in ("Can", "Bottle"):
        design = factories.design(brand, name)
        factories.licence(brand, marketplace, design=design)
        shows(picture, design, 95)
    assert assessed(picture.listing).verdict == "allow"


@EITHER_WAY
def test_what_is_held_counts_beside_what_only_raises_an_alert(
    acme: Organisation, marketplace: Marketplace, picture: ListingImage, one: float, other: float
) -> None:
    """Of two designs of one brand a right covers one; the alert shows that one."""
    brand = factories.brand(acme, "Half")
    covered, bare = factories.design(brand, "Covered"), factories.design(brand, "Bare")
    factories.right(brand, designs=[covered])
    match = shows(picture, covered, one)
    shows(picture, bare, other)
    assert assessed(picture.listing).verdict == "hold"
    assert Alert.objects.get().match == match


@EITHER_WAY
def test_each_brand_in_the_picture_has_an_alert_of_its_own(
    brand: Brand, marketplace: Marketplace, picture: ListingImage, one: float, other: float
) -> None:
    """One claim is without a right and restricts nothing; the other holds the listing."""
    powerless = factories.brand(factories.organisation("Theirs"), "Powerless")
    marketplace.admits.add(powerless.organisation)
    shows(picture, factories.design(brand), one)
    shows(picture, factories.design(powerless), other)
    assert assessed(picture.listing).verdict == "hold"
    rules = dict(Alert.objects.values_list("brand__name", "rule"))
    assert rules == {"Fizz": "awaits_review", "Powerless": "no_right_in_force"}


@EITHER_WAY
def test_a_blocked_copy_counts_beside_another_picture_s_hold(
    brand: Brand, listing: Listing, picture: ListingImage, one: float, other: float
) -> None:
    Brand.objects.update(blocks_without_review=True, block_threshold=90)
    Marketplace.objects.update(blocks_without_review=True)
    Listing.objects.update(territories=["DE"])
    second = factories.listing_image(listing, position=1)
    shows(picture, factories.design(brand, "Photo"), max(one, 90))
    shows(second, factories.design(brand, "Box"), max(other, 90), "same_design")
    assert assessed(listing).verdict == "block"
    assert Alert.objects.get().match.view.design.name == "Photo"
