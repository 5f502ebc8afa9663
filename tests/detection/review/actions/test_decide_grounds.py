"""What a decision says and does is what its words mean."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.actions.mail import send_mails
from accounts.models import Marketplace
from detection.delivery.models import Event
from detection.intake.models import Listing
from detection.review.actions.alert_lock import lock_alert
from detection.review.actions.assess import assess_listing
from detection.review.actions.decide import AlreadyDecided, NoLicence, ReasonMissing, decide_alert
from detection.review.models import Alert, Decision, Escalation
from fingerprints.models import Brand
from tests import factories

Outcome = Decision.Outcome


def test_a_block_needs_a_reason(alert: Alert, rita: User, as_rita: Client) -> None:
    with pytest.raises(ReasonMissing):
        decide_alert(alert=alert, outcome=Outcome.INFRINGING, note="", by=rita)
    answer = as_rita.post(reverse("decide-alert", args=[alert.pk]), {"outcome": "infringing"})
    assert answer.status_code == 422
    assert "A block needs a reason" in answer.text
    assert not Decision.objects.exists()


def test_nobody_is_said_to_be_licensed_without_a_licence(
    alert: Alert, brand: Brand, marketplace: Marketplace, rita: User
) -> None:
    with pytest.raises(NoLicence):
        decide_alert(alert=alert, outcome=Outcome.LICENSED, note="", by=rita)
    factories.licence(brand, marketplace)
    assert decide_alert(alert=alert, outcome=Outcome.LICENSED, note="", by=rita)


def test_the_brand_owner_is_asked_for_a_record_instead(
    alert: Alert, brand: Brand, marketplace: Marketplace, as_rita: Client, alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(email="alice@acme.example")
    page = reverse("alert", args=[alert.pk])
    assert 'value="licensed"' not in as_rita.get(page).text
    as_rita.post(reverse("decide-alert", args=[alert.pk]), {"outcome": "ask_for_licence"})
    standing = Decision.objects.get()
    assert (standing.outcome, standing.reason) == ("needs_more", "licence_asked")
    assert Listing.objects.get().verdict == "hold"
    send_mails()
    assert {to for sent in mail.outbox for to in sent.to} == {"alice@acme.example"}
    assert "Is seller-1 on Bazaar licensed to use Fizz?" in mail.outbox[0].subject
    factories.licence(brand, marketplace)
    assess_listing(listing=Listing.objects.get())
    assert Listing.objects.get().verdict == "allow"
    assert 'value="licensed"' in as_rita.get(page).text


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("right", "No right in force: nothing is held"),
        ("admission", "Owner not admitted: nothing is held"),
    ],
)
def test_an_alert_that_holds_nothing_says_so_before_the_click(
    missing: str, said: str, alert: Alert, brand: Brand, as_rita: Client
) -> None:
    if missing == "right":
        brand.rights.all().delete()
    else:
        alert.listing.marketplace.admits.clear()
    assess_listing(listing=alert.listing)
    assert said in as_rita.get(reverse("alerts")).text
    page = as_rita.get(reverse("alert", args=[alert.pk])).text
    assert "“Infringing” is recorded but blocks nothing." in page
    assert "blocks the listing" not in page


def test_the_seller_and_the_marketplace_are_told_why_it_is_blocked(
    alert: Alert, rita: User
) -> None:
    decide_alert(alert=alert, outcome=Outcome.INFRINGING, reason="picture_copied", note="", by=rita)
    statement = Listing.objects.get().statement
    assert statement
    assert "Reason: the picture is copied." in statement["text"]["en"]
    told = Event.objects.get(event_type="alert.decided").payload
    assert (told["outcome"], told["reason"]) == ("infringing", "picture_copied")


def test_a_licence_for_another_design_makes_nobody_licensed(
    alert: Alert, brand: Brand, marketplace: Marketplace, rita: User
) -> None:
    other = factories.view(factories.design(brand, "Cap"))
    factories.match(alert.match.listing_image, other, similarity=72)
    factories.licence(brand, marketplace, design=other.design)
    with pytest.raises(NoLicence):
        decide_alert(alert=alert, outcome=Outcome.LICENSED, note="", by=rita)


def test_another_reason_is_another_decision(alert: Alert, rita: User) -> None:
    for reason in ("picture_unclear", "licence_asked"):
        decide_alert(alert=alert, outcome=Outcome.NEEDS_MORE, reason=reason, note="", by=rita)
    assert Decision.objects.get().reason == "licence_asked"
    decide_alert(alert=alert, outcome=Outcome.INFRINGING, reason="picture_copied", note="", by=rita)
    with pytest.raises(AlreadyDecided):
        decide_alert(
            alert=alert, outcome=Outcome.INFRINGING, reason="design_copied", note="", by=rita
        )


def test_who_asks_for_a_licence_may_ask_others_too(alert: Alert, as_rita: Client) -> None:
    sent = {"escalation_kind": "second_opinion", "outcome": "ask_for_licence"}
    as_rita.post(reverse("escalate-alert", args=[alert.pk]), sent)
    assert Escalation.objects.get().preliminary_outcome == "needs_more"


def test_who_comes_second_is_told_what_happened(alert: Alert, as_rita: Client) -> None:
    rob = factories.member(factories.operator(), "rob", role="reviewer")
    lock_alert(alert=alert, by=rob)
    sent = {"outcome": "not_infringing"}
    answer = as_rita.post(reverse("decide-alert", args=[alert.pk]), sent)
    assert answer.status_code == 409
    assert "another reviewer is working on this alert" in answer.text
    assert "decided already" not in answer.text
