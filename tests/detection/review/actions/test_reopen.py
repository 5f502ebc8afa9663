"""A decision in effect is taken back with a reason, by the organisation that took it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Marketplace
from detection.delivery.models import Event
from detection.intake.models import Listing
from detection.review.actions.appeal import NotYoursToHear, appeal_listing, decide_appeal
from detection.review.actions.assess import assess_listing
from detection.review.actions.decide import (
    NotYoursToDecide,
    apply_decisions,
    decide_alert,
    undo_decision,
)
from detection.review.actions.reopen import NothingToReopen, WhyReopenMissing, reopen_alert
from detection.review.models import Alert, Appeal, Decision, PastDecision, Reassessment
from fingerprints.models import Brand
from tests import factories

Outcome = Decision.Outcome
WHY = "The picture shows another bottle."


@pytest.fixture
def alert(brand: Brand, marketplace: Marketplace) -> Alert:
    made = factories.alert(brand, marketplace)
    assess_listing(listing=made.listing)
    return Alert.objects.get(pk=made.pk)


@pytest.fixture
def rob(rita: User) -> User:
    return factories.member(factories.operator(), "rob", role="reviewer")


def decided(alert: Alert, by: User, outcome: Decision.Outcome = Outcome.INFRINGING) -> Alert:
    reason = "design_copied" if outcome == Outcome.INFRINGING else ""
    decide_alert(alert=alert, outcome=outcome, reason=reason, note="", by=by)
    return Alert.objects.get(pk=alert.pk)


def stands(alert: Alert) -> tuple[str, str]:
    now = Alert.objects.select_related("listing").get(pk=alert.pk)
    return now.state, now.listing.verdict


def test_the_listing_is_held_again_and_everyone_is_told(alert: Alert, rita: User) -> None:
    decided(alert, rita)
    before = Event.objects.latest("number").number
    reopen_alert(alert=alert, reason=WHY, by=rita)
    assert stands(alert) == ("open", "hold")
    told = [event for event in Event.objects.order_by("number") if event.number > before]
    assert [event.event_type for event in told][-1] == "alert.reopened"
    assert "listing.held" in [event.event_type for event in told]
    assert told[-1].payload["reason"] == WHY
    assert [one["verdict"] for one in told[-1].payload["restrictions"]] == ["hold"]
    past = PastDecision.objects.get()
    assert (past.outcome, past.by, past.ended_by, past.end_reason) == (
        "infringing",
        rita,
        rita,
        WHY,
    )
    assert AuditEvent.objects.get(action="alert.reopened").data["reason"] == WHY


def test_the_seller_s_statement_says_that_it_corrects_the_earlier(alert: Alert, rita: User) -> None:
    reopen_alert(alert=decided(alert, rita), reason=WHY, by=rita)
    statement = Listing.objects.get(pk=alert.listing_id).statement
    assert statement
    assert (statement["restriction"], statement["corrects_earlier"]) == ("suspended", True)


def test_a_wrong_release_is_taken_back_for_all_that_it_spoke_for(alert: Alert, rita: User) -> None:
    reopen_alert(alert=decided(alert, rita, Outcome.NOT_INFRINGING), reason=WHY, by=rita)
    assert stands(alert) == ("open", "hold")
    assert Reassessment.objects.get().brand == alert.brand


def test_twice_is_the_same_as_once(alert: Alert, rita: User) -> None:
    decided(alert, rita)
    for _ in range(2):
        reopen_alert(alert=alert, reason=WHY, by=rita)
    assert Event.objects.filter(event_type="alert.reopened").count() == 1


def test_any_reviewer_of_the_same_organisation_may(alert: Alert, rita: User, rob: User) -> None:
    reopen_alert(alert=decided(alert, rita), reason=WHY, by=rob)
    assert stands(alert) == ("open", "hold")


def test_nobody_of_another_organisation_and_no_claimant(
    alert: Alert, rita: User, alice: User, marketplace: Marketplace
) -> None:
    decided(alert, rita)
    mona = factories.member(marketplace.organisation, "mona", role="reviewer")
    for person in (mona, alice):
        with pytest.raises(NotYoursToDecide):
            reopen_alert(alert=alert, reason=WHY, by=person)
    assert stands(alert) == ("decided", "block")


def test_a_reason_is_needed(alert: Alert, rita: User) -> None:
    with pytest.raises(WhyReopenMissing):
        reopen_alert(alert=decided(alert, rita), reason=" ", by=rita)


def test_nothing_is_reopened_that_is_open_or_not_yet_in_effect(
    alert: Alert, rita: User, settings: Settings
) -> None:
    with pytest.raises(NothingToReopen):
        reopen_alert(alert=alert, reason=WHY, by=rita)
    settings.UNDO_SECONDS = 30
    with pytest.raises(NothingToReopen):
        reopen_alert(alert=decided(alert, rita), reason=WHY, by=rita)


def test_what_is_reopened_is_a_person_s_to_decide_whatever_changed_meanwhile(
    alert: Alert, rita: User, brand: Brand, marketplace: Marketplace
) -> None:
    """Neither a threshold that was raised nor an automatic block takes it out of the queue."""
    decided(alert, rita, Outcome.NOT_INFRINGING)
    brand.blocks_without_review, brand.review_threshold = True, 95
    brand.block_threshold = 95
    brand.save()
    marketplace.blocks_without_review = True
    marketplace.save()
    Listing.objects.update(territories=["DE"])
    reopen_alert(alert=alert, reason=WHY, by=rita)
    assert stands(alert) == ("open", "hold")
    assert Alert.objects.awaiting_review().get() == alert


def test_the_correction_is_delivered_though_another_claim_blocks_too(
    alert: Alert, rita: User
) -> None:
    umbra = factories.brand(factories.organisation("Umbra Works"), "Umbra")
    other = factories.claim_too(alert, umbra)
    assess_listing(listing=alert.listing)
    for claim in (alert, other):
        decided(claim, rita)
    reopen_alert(alert=alert, reason=WHY, by=rita)
    told = Event.objects.latest("number").payload
    assert (told["verdict"], told["statement"]["corrects_earlier"]) == ("block", True)
    assert {one["brand"]: one["verdict"] for one in told["restrictions"]} == {
        "Fizz": "hold",
        "Umbra": "block",
    }


# --- with appeals -----------------------------------------------------------------------------
def appealed(alert: Alert) -> Appeal:
    return appeal_listing(
        listing=alert.listing, ground=Appeal.Ground.OTHER, text="", by=factories.staff()
    )


def test_what_an_appeal_released_is_not_reopened(alert: Alert, rita: User, rob: User) -> None:
    decided(alert, rita)
    decide_appeal(appeal=appealed(alert), outcome=Appeal.Outcome.GRANTED, note="", by=rob)
    with pytest.raises(NothingToReopen):
        reopen_alert(alert=alert, reason=WHY, by=rita)
    assert stands(alert)[1] == "allow"


def test_a_new_decision_may_be_appealed_anew(alert: Alert, rita: User, rob: User) -> None:
    decided(alert, rita)
    decide_appeal(appeal=appealed(alert), outcome=Appeal.Outcome.DENIED, note="", by=rob)
    reopen_alert(alert=alert, reason=WHY, by=rita)
    decided(alert, rob)
    assert appealed(alert).state == "open"


def test_who_decided_before_it_was_reopened_does_not_hear_the_appeal(
    alert: Alert, rita: User, rob: User
) -> None:
    reopen_alert(alert=decided(alert, rita), reason=WHY, by=rita)
    decided(alert, rob)
    with pytest.raises(NotYoursToHear):
        decide_appeal(appeal=appealed(alert), outcome=Appeal.Outcome.DENIED, note="", by=rita)


# --- what is undone brings back what it replaced ----------------------------------------------
def test_undoing_a_needs_more_leaves_the_one_that_it_replaced(
    alert: Alert, rita: User, rob: User, settings: Settings
) -> None:
    decide_alert(alert=alert, outcome=Outcome.NEEDS_MORE, note="Ask for a receipt.", by=rita)
    settings.UNDO_SECONDS = 30
    decide_alert(alert=alert, outcome=Outcome.NEEDS_MORE, note="And a photograph.", by=rob)
    undo_decision(alert=alert, by=rob)
    standing = Decision.objects.get()
    assert (standing.note, standing.by) == ("Ask for a receipt.", rita)
    assert not PastDecision.objects.exists()
    assert stands(alert) == ("open", "hold")


def test_undoing_a_block_leaves_the_needs_more_before_it(
    alert: Alert, rita: User, settings: Settings
) -> None:
    decide_alert(alert=alert, outcome=Outcome.NEEDS_MORE, note="", by=rita)
    settings.UNDO_SECONDS = 30
    decided(alert, rita)
    undo_decision(alert=alert, by=rita)
    assert Decision.objects.get().outcome == "needs_more"


# --- over the portal and the API ----------------------------------------------------------------
def test_a_page_offers_it_and_shows_what_was_said(
    alert: Alert, rita: User, as_rita: Client
) -> None:
    page, where = (reverse(name, args=[alert.pk]) for name in ("alert", "reopen-alert"))
    decided(alert, rita)
    assert "Correct this decision" in as_rita.get(page).text
    assert "Nothing was changed" in as_rita.post(where, {}, follow=True).text
    said = as_rita.post(where, {"reason": WHY}, follow=True).text
    assert "The alert was reopened" in said
    assert f"Revoked by rita: {WHY}" in said
    assert "Record the decision" in said


def test_neither_a_claimant_nor_a_stranger_is_offered_it(
    alert: Alert, rita: User, as_alice: Client, as_charlie: Client
) -> None:
    decided(alert, rita)
    where = reverse("reopen-alert", args=[alert.pk])
    assert "Correct this decision" not in as_alice.get(reverse("alert", args=[alert.pk])).text
    as_alice.post(where, {"reason": WHY})
    assert as_charlie.post(where, {"reason": WHY}).status_code == 404
    assert stands(alert) == ("decided", "block")


def test_the_api_reopens(alert: Alert, rita: User, as_rita: Client, as_alice: Client) -> None:
    decided(alert, rita)
    where = f"/api/v1/alerts/{alert.pk}/reopen"

    def sent(client: Client, reason: str) -> int:
        return client.post(where, {"reason": reason}, content_type="application/json").status_code

    assert [sent(as_alice, WHY), sent(as_rita, ""), sent(as_rita, WHY)] == [403, 400, 200]
    assert sent(as_rita, "Again.") == 409
    assert stands(alert) == ("open", "hold")


def test_a_press_on_undo_that_comes_late_is_told_what_to_do(
    alert: Alert, rita: User, as_rita: Client, settings: Settings
) -> None:
    settings.UNDO_SECONDS = 30
    decided(alert, rita)
    Decision.objects.update(effective_at=timezone.now())
    apply_decisions()
    where = reverse("undo-decision", args=[alert.pk])
    late = as_rita.post(where, follow=True)
    assert (late.status_code, late.redirect_chain) == (
        200,
        [(reverse("alert", args=[alert.pk]), 302)],
    )
    assert "To correct it, reopen the alert with a reason." in late.text
    assert "There is no page at this address" in as_rita.get(where).text
