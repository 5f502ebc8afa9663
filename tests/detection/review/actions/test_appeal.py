"""Another reviewer than the first decides, or time does."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from accounts.models import Marketplace
from detection.delivery.models import Event
from detection.intake.models import Listing
from detection.review.actions.appeal import (
    AppealDecided,
    NothingToAppeal,
    NotYoursToHear,
    appeal_listing,
    decide_appeal,
    release_overdue_appeals,
)
from detection.review.actions.decide import decide_alert
from detection.review.models import Alert, Appeal, Decision
from fingerprints.models import Brand
from tests import factories

GRANTED, DENIED = Appeal.Outcome.GRANTED, Appeal.Outcome.DENIED


@pytest.fixture
def blocked(brand: Brand, marketplace: Marketplace, rita: User) -> Listing:
    """By Rita."""
    alert = factories.alert(brand, marketplace)
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    return Listing.objects.get(pk=alert.listing_id)


@pytest.fixture
def rob(rita: User) -> User:
    return factories.member(factories.operator(), "rob", role="reviewer")


def appealed(listing: Listing) -> Appeal:
    return appeal_listing(
        listing=listing, ground=Appeal.Ground.GENUINE_GOODS, text="", by=factories.staff()
    )


def verdict(listing: Listing) -> str:
    return Listing.objects.get(pk=listing.pk).verdict


def told() -> list[str]:
    return list(Event.objects.order_by("number").values_list("event_type", flat=True))


def test_an_appeal_granted_releases_and_everyone_is_told(blocked: Listing, rob: User) -> None:
    decide_appeal(appeal=appealed(blocked), outcome=GRANTED, note="A receipt.", by=rob)
    assert verdict(blocked) == "allow"
    assert told()[-2:] == ["listing.released", "appeal.decided"]
    assert Appeal.objects.granted_by_brand() == {"Fizz": 1}


def test_an_appeal_denied_leaves_it_blocked_and_is_not_asked_again(
    blocked: Listing, rob: User
) -> None:
    decide_appeal(appeal=appealed(blocked), outcome=DENIED, note="", by=rob)
    assert verdict(blocked) == "block"
    with pytest.raises(NothingToAppeal):
        appealed(blocked)


def test_never_by_who_decided_first(blocked: Listing, rita: User, rob: User) -> None:
    with pytest.raises(NotYoursToHear):
        decide_appeal(appeal=appealed(blocked), outcome=DENIED, note="", by=rita)


def test_never_by_a_member_of_the_claiming_organisation(
    blocked: Listing, alice: User, rob: User
) -> None:
    with pytest.raises(NotYoursToHear):
        decide_appeal(appeal=appealed(blocked), outcome=DENIED, note="", by=alice)


def test_an_administrator_hears_it_only_where_there_is_no_other(
    blocked: Listing, rita: User
) -> None:
    appeal = appealed(blocked)
    other = factories.member(factories.operator(), "rob", role="reviewer")
    with pytest.raises(NotYoursToHear):
        decide_appeal(appeal=appeal, outcome=GRANTED, note="", by=factories.staff())
    other.delete()
    decided = decide_appeal(appeal=appeal, outcome=GRANTED, note="", by=factories.staff())
    assert (decided.state, decided.acting_for) == ("granted", None)


def test_undecided_in_time_it_releases(blocked: Listing, rob: User) -> None:
    appeal = appealed(blocked)
    assert appeal.due_at - appeal.submitted_at == timedelta(days=7)
    assert release_overdue_appeals() == 0
    Appeal.objects.update(due_at=timezone.now())
    assert release_overdue_appeals() == 1
    assert release_overdue_appeals() == 0
    assert verdict(blocked) == "allow"
    assert Appeal.objects.get().state == "lapsed"
    assert told()[-2:] == ["listing.released", "appeal.decided"]


def test_a_decision_that_came_late_finds_it_decided(blocked: Listing, rob: User) -> None:
    appeal = appealed(blocked)
    decide_appeal(appeal=appeal, outcome=DENIED, note="", by=rob)
    assert decide_appeal(appeal=appeal, outcome=DENIED, note="", by=rob).state == "denied"
    with pytest.raises(AppealDecided):
        decide_appeal(appeal=appeal, outcome=GRANTED, note="", by=rob)


def test_what_is_released_otherwise_leaves_nothing_to_hear(
    brand: Brand, marketplace: Marketplace, rita: User
) -> None:
    alert = factories.alert(brand, marketplace)
    appealed(alert.listing)
    decide_alert(alert=alert, outcome=Decision.Outcome.NOT_INFRINGING, note="", by=rita)
    assert Appeal.objects.get().state == "settled"
    assert told()[-3:] == ["listing.released", "appeal.decided", "alert.decided"]


def test_what_is_held_without_a_decision_may_be_appealed(
    brand: Brand, marketplace: Marketplace, rita: User
) -> None:
    alert = factories.alert(brand, marketplace)
    appeal = appealed(alert.listing)
    assert appeal.first_decider is None
    decide_appeal(appeal=appeal, outcome=GRANTED, note="", by=rita)
    assert verdict(alert.listing) == "allow"
    assert not Alert.objects.awaiting_review().exists()
