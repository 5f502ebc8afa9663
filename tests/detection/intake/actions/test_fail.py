"""Who waits for a verdict that cannot be had is told, and why."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Marketplace
from detection.delivery.models import Event
from detection.intake.actions.fail import answer_check, fail_listing
from detection.intake.models import Listing
from tests import factories

pytestmark = pytest.mark.django_db

ERROR = {"code": "unreadable", "message": "It is no picture.", "remedy": "Send a PNG."}


def failed(marketplace: Marketplace, **fields: Any) -> list[Event]:
    listing = factories.listing(marketplace, **fields)
    factories.listing_image(listing, state="embedded", width=9, height=9)
    factories.listing_image(listing, position=1, state="refused", name="b.png", error=ERROR)
    fail_listing(listing, rule="no_readable_picture", text="Send others.")
    return list(Event.objects.all())


def test_the_marketplace_is_told_of_each_picture_why_and_what_to_do(
    marketplace: Marketplace,
) -> None:
    (event,) = failed(marketplace)
    assert event.event_type == "listing.failed"
    assert event.payload["verdict"] == "pending"
    assert event.payload["reasons"] == [{"rule": "no_readable_picture", "text": "Send others."}]
    assert event.payload["pictures"] == [{"position": 2, "name": "b.png", "url": "", **ERROR}]


def test_not_of_a_listing_that_is_no_longer_on_offer(marketplace: Marketplace) -> None:
    assert not failed(marketplace, withdrawn_at=timezone.now())


@pytest.mark.parametrize(("owed", "told"), [(True, ["check.answered"]), (False, [])])
def test_of_a_check_only_whoever_was_answered_pending(
    marketplace: Marketplace, *, owed: bool, told: list[str]
) -> None:
    events = failed(marketplace, purpose="check", answer_owed=owed)
    assert [event.event_type for event in events] == told


def test_the_verdict_of_a_check_is_told_where_the_answer_is_owed(marketplace: Marketplace) -> None:
    check = factories.listing(marketplace, purpose="check")
    check.owe_answer()
    check = Listing.objects.get()
    check.verdict = "hold"
    answer_check(check)
    assert Event.objects.get().payload["verdict"] == "hold"


def test_what_was_concluded_while_the_request_ended_is_not_owed(marketplace: Marketplace) -> None:
    check = factories.listing(marketplace, purpose="check")
    Listing.objects.update(state="failed")
    check.owe_answer()
    assert not Listing.objects.get().answer_owed
