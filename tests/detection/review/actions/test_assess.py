"""Verdicts from stored matches, as rights, licences, thresholds and decisions change."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accounts.models import Marketplace, Organisation
from detection.delivery.models import Event
from detection.intake.models import Listing
from detection.matching.models import Match
from detection.review.actions.assess import assess_listing
from detection.review.actions.decide import decide_alert
from detection.review.actions.reassess import reassess_brands
from detection.review.models import Alert, Decision, Reassessment
from fingerprints.actions.brands import change_brand
from fingerprints.actions.licences import grant_licence, revoke_licence
from fingerprints.actions.retire import retire_design
from fingerprints.actions.rights import verify_right, withdraw_right
from fingerprints.models import Brand, Right
from tests import factories
from tests.detection.review.scenes import assessed


def listing_of(alert: Alert) -> Listing:
    return Listing.objects.get(pk=alert.listing_id)


def matched(marketplace: Marketplace, brand: Brand, **fields: Any) -> Listing:
    """A listing just matched, with one match of the brand's."""
    listing = factories.listing(marketplace)
    factories.match(
        factories.listing_image(listing), factories.view(factories.design(brand)), **fields
    )
    listing.state, listing.matched_at = Listing.State.MATCHED, timezone.now()
    with transaction.atomic():
        assess_listing(listing=listing)
    return listing


def events() -> list[str]:
    return list(Event.objects.values_list("event_type", flat=True))


def test_what_matches_is_held_and_everybody_is_told_once(
    marketplace: Marketplace, brand: Brand
) -> None:
    listing = matched(marketplace, brand)
    assessed(listing)
    assert assessed(listing).verdict == "hold"
    assert Alert.objects.count() == 1
    assert events() == ["listing.held", "alert.raised"]


def test_what_matches_nothing_is_released_for_silence_is_no_allow(
    marketplace: Marketplace, brand: Brand
) -> None:
    assert matched(marketplace, brand, similarity=60).verdict == "allow"
    assert events() == ["listing.released"]


def test_without_a_right_nothing_is_held_and_no_reviewer_asked(
    marketplace: Marketplace, acme: Organisation, rita: User
) -> None:
    bare = factories.brand(acme, "Bare")
    assert matched(marketplace, bare).verdict == "allow"
    assert events() == ["listing.released"]
    assert Alert.objects.get().rule == "no_right_in_force"
    assert not Alert.objects.awaiting_review().exists()


def test_a_right_verified_later_holds_what_was_stored(
    marketplace: Marketplace, acme: Organisation
) -> None:
    bare = factories.brand(acme, "Bare")
    listing = matched(marketplace, bare)
    verify_right(right=factories.right(bare, verified=False), by=factories.staff())
    reassess_brands()
    assert Listing.objects.get(pk=listing.pk).verdict == "hold"
    assert Alert.objects.awaiting_review().count() == 1
    assert events() == ["listing.released", "listing.held", "alert.raised"]


def test_a_right_withdrawn_releases_even_what_was_decided(
    alert: Alert, brand: Brand, alice: User, rita: User
) -> None:
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    assert listing_of(alert).verdict == "block"
    withdraw_right(right=brand.rights.get(), by=alice)
    reassess_brands()
    assert listing_of(alert).verdict == "allow"
    assert events()[-1] == "listing.released"


def test_a_licence_releases_and_its_end_holds_again(
    alert: Alert, brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    licence = grant_licence(
        brand=brand,
        marketplace=marketplace.organisation,
        seller_id="seller-1",
        valid_from=date(2020, 1, 1),
        by=alice,
    )
    reassess_brands()
    assert listing_of(alert).verdict == "allow"
    revoke_licence(licence=licence, by=alice)
    reassess_brands()
    assert listing_of(alert).verdict == "hold"


def test_a_retired_design_releases(alert: Alert, alice: User) -> None:
    retire_design(design=alert.match.view.design, by=alice)
    reassess_brands()
    assert listing_of(alert).verdict == "allow"
    assert not Alert.objects.awaiting_review().exists()


def test_a_threshold_raised_releases_and_lowered_holds(
    marketplace: Marketplace, brand: Brand, alice: User
) -> None:
    listing = matched(marketplace, brand, similarity=82)
    change_brand(brand=brand, by=alice, review_threshold=80)
    reassess_brands()
    assert Listing.objects.get(pk=listing.pk).verdict == "hold"
    change_brand(brand=brand, by=alice, review_threshold=90)
    reassess_brands()
    assert Listing.objects.get(pk=listing.pk).verdict == "allow"


def test_a_change_while_others_are_reassessed_is_not_forgotten(
    alert: Alert, brand: Brand, alice: User
) -> None:
    change_brand(brand=brand, by=alice, review_threshold=90)

    def meanwhile(_: object) -> None:
        change_brand(brand=Brand.objects.get(), by=alice, review_threshold=86)

    with patch("detection.review.actions.reassess.reassess_listing", meanwhile):
        reassess_brands()
    assert Reassessment.objects.count() == 1
    reassess_brands()
    assert not Reassessment.objects.exists()


def test_while_one_worker_reassesses_a_brand_another_leaves_it(
    alert: Alert, brand: Brand, alice: User
) -> None:
    change_brand(brand=brand, by=alice, review_threshold=90)
    Reassessment.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert reassess_brands() == 0
    Reassessment.objects.update(leased_until=timezone.now())
    assert reassess_brands() == 1


def test_only_countries_that_the_right_covers_are_restricted(
    marketplace: Marketplace, brand: Brand, alert: Alert
) -> None:
    for territories, verdict in ((["US"], "allow"), (["US", "DE"], "hold"), ([], "hold")):
        Listing.objects.filter(pk=alert.listing_id).update(territories=territories)
        assert assessed(alert.listing).verdict == verdict
    Listing.objects.filter(pk=alert.listing_id).update(territories=["US", "DE"])
    statement = assessed(alert.listing).statement
    assert statement
    assert statement["rights"][0]["territories"] == ["DE"]


@pytest.mark.parametrize(
    ("brand_wants", "marketplace_wants", "kind", "territories", "verdict"),
    [
        (True, True, "copy", ["DE"], "block"),
        (True, True, "copy", [], "hold"),
        (True, False, "copy", ["DE"], "hold"),
        (False, True, "copy", ["DE"], "hold"),
        (True, True, "same_design", ["DE"], "hold"),
    ],
)
def test_a_copy_is_blocked_at_once_only_where_all_agreed(
    marketplace: Marketplace,
    brand: Brand,
    kind: str,
    territories: list[str],
    verdict: str,
    *,
    brand_wants: bool,
    marketplace_wants: bool,
) -> None:
    Brand.objects.update(blocks_without_review=brand_wants)
    Marketplace.objects.update(blocks_without_review=marketplace_wants)
    listing = matched(marketplace, brand, similarity=99, match_kind=kind)
    Listing.objects.filter(pk=listing.pk).update(territories=territories)
    assert assessed(listing).verdict == verdict


def test_what_was_found_not_to_infringe_does_not_come_back(
    marketplace: Marketplace, brand: Brand, alert: Alert, rita: User
) -> None:
    Match.objects.get().listing_image.__class__.objects.update(pixel_sha256="5" * 64)
    decide_alert(alert=alert, outcome=Decision.Outcome.NOT_INFRINGING, note="", by=rita)

    def again(seller: str, pixels: str) -> str:
        listing = factories.listing(marketplace, seller_id=seller)
        image = factories.listing_image(listing, pixel_sha256=pixels)
        factories.match(image, alert.match.view)
        listing.state, listing.matched_at = Listing.State.MATCHED, timezone.now()
        with transaction.atomic():
            assess_listing(listing=listing)
        return listing.verdict

    assert again("seller-1", "5" * 64) == "allow"
    assert again("seller-2", "5" * 64) == "hold"
    assert again("seller-1", "6" * 64) == "hold"


@pytest.mark.parametrize("fields", [{"sandbox": True}, {"purpose": "check"}])
def test_checks_and_the_sandbox_raise_no_alert(
    marketplace: Marketplace, brand: Brand, fields: dict[str, Any]
) -> None:
    listing = matched(marketplace, brand)
    Alert.objects.all().delete()
    Listing.objects.update(**fields)
    assert assessed(listing).verdict == "hold"
    assert not Alert.objects.exists()


def test_an_earlier_revision_tells_nobody_anything(
    marketplace: Marketplace, brand: Brand, alert: Alert
) -> None:
    Listing.objects.update(superseded_at=timezone.now())
    retire_design(design=alert.match.view.design, by=factories.staff())
    assessed(alert.listing)
    assert events() == []


def test_a_right_that_has_ended_holds_nothing_even_before_the_sweep(
    alert: Alert, brand: Brand
) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    Right.objects.update(valid_until=yesterday)
    assert assessed(alert.listing).verdict == "allow"


def test_a_statement_names_design_right_and_picture_and_nothing_that_helps_to_evade(
    alert: Alert, rita: User
) -> None:
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    statement = listing_of(alert).statement
    assert statement
    assert statement["facts"] == [
        {
            "picture": 1,
            "brand": "Fizz",
            "design": "Bottle",
            "decision_reason": "design_copied",
        }
    ]
    assert statement["rights"][0]["office"] == "EUIPO"
    assert (statement["restriction"], statement["automated_decision"]) == ("disabled", False)
    for text in statement["text"].values():
        assert "Bottle" in text
        assert "93" not in text
        assert "mirror" not in text
