"""Appeals on their page: Rita hears them, but not those against her own decisions."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from detection.intake.models import Listing
from detection.review.actions.appeal import appeal_listing
from detection.review.actions.decide import decide_alert
from detection.review.models import Alert, Appeal, Decision
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def appeal(alert: Alert) -> Appeal:
    return appeal_listing(
        listing=alert.listing,
        ground=Appeal.Ground.GENUINE_GOODS,
        text="Bought in Lyon.",
        by=factories.staff(),
    )


def test_a_reviewer_sees_appeals_and_decides_them(
    alert: Alert, appeal: Appeal, as_rita: Client
) -> None:
    assert "Bought in Lyon." in as_rita.get(reverse("appeals")).text
    page = as_rita.get(reverse("alert", args=[alert.pk])).text
    assert "Decide the appeal" in page
    where = reverse("decide-appeal", args=[appeal.pk])
    assert "Nothing was recorded" in as_rita.post(where, {}, follow=True).text
    said = as_rita.post(where, {"outcome": "granted", "note": "The receipt."}, follow=True).text
    assert "The appeal was decided" in said
    assert Appeal.objects.get().state == "granted"
    again = as_rita.post(where, {"outcome": "denied"}, follow=True).text
    assert "Your decision was not recorded" in again


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("settled", "Settled: the restriction was lifted meanwhile"),
        ("lapsed", "Lapsed: not decided in time, the restriction is lifted"),
    ],
)
def test_the_page_of_the_alert_shows_how_an_appeal_ended(
    alert: Alert, appeal: Appeal, as_rita: Client, state: str, text: str
) -> None:
    Appeal.objects.filter(pk=appeal.pk).update(state=state, decided_at=timezone.now())
    assert text in as_rita.get(reverse("alert", args=[alert.pk])).text


def test_the_first_decider_is_not_offered_the_appeal(
    alert: Alert, rita: User, as_rita: Client
) -> None:
    factories.member(factories.operator(), "rob", role="reviewer")
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    listing = Listing.objects.get()
    made = appeal_listing(
        listing=listing, ground=Appeal.Ground.OTHER, text="", by=factories.staff()
    )
    assert "Decide the appeal" not in as_rita.get(reverse("alert", args=[alert.pk])).text
    where = reverse("decide-appeal", args=[made.pk])
    as_rita.post(where, {"outcome": "denied"})
    assert Appeal.objects.get().state == "open"


def test_an_owner_and_a_stranger_decide_no_appeal(
    alert: Alert, appeal: Appeal, as_alice: Client, as_charlie: Client
) -> None:
    where = reverse("decide-appeal", args=[appeal.pk])
    for client in (as_alice, as_charlie):
        assert "Bought in Lyon." not in client.get(reverse("appeals")).text
        assert client.post(where, {"outcome": "granted"}).status_code == 404
