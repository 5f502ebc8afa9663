"""An alert handed on: who finds it then, and what stays unsaid until the decision."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Marketplace
from detection.review.actions.decide import NotYoursToDecide, ReasonDoesNotFit, decide_alert
from detection.review.actions.escalate import (
    NobodyToEscalateTo,
    escalate_alert,
    withdraw_escalation,
)
from detection.review.models import Alert, Decision, Escalation
from tests import factories

SECOND_OPINION = Escalation.EscalationKind.SECOND_OPINION
ESCALATION = Escalation.EscalationKind.ESCALATION


@pytest.fixture
def mara(marketplace: Marketplace) -> User:
    """A reviewer of the marketplace."""
    return factories.member(marketplace.organisation, "mara", role="reviewer")


@pytest.fixture
def milo(marketplace: Marketplace) -> User:
    return factories.member(marketplace.organisation, "milo", role="reviewer")


def offered(user: User) -> list[Alert]:
    return list(Alert.objects.offered_to(user))


def test_a_second_opinion_is_anybody_elses(alert: Alert, mara: User, milo: User) -> None:
    escalate_alert(alert=alert, escalation_kind=SECOND_OPINION, by=mara)
    assert (offered(mara), offered(milo)) == ([], [alert])


def test_what_is_escalated_is_the_operators(
    alert: Alert, mara: User, milo: User, rita: User
) -> None:
    escalate_alert(alert=alert, escalation_kind=ESCALATION, by=mara)
    assert (offered(mara), offered(milo), offered(rita)) == ([], [], [alert])


def test_the_operator_has_nobody_above(alert: Alert, rita: User) -> None:
    with pytest.raises(NobodyToEscalateTo):
        escalate_alert(alert=alert, escalation_kind=ESCALATION, by=rita)


def test_nobody_else_hands_on(alert: Alert, alice: User) -> None:
    with pytest.raises(NotYoursToDecide):
        escalate_alert(alert=alert, escalation_kind=SECOND_OPINION, by=alice)


def test_it_is_taken_back_once(alert: Alert, mara: User) -> None:
    escalate_alert(alert=alert, escalation_kind=SECOND_OPINION, by=mara)
    withdraw_escalation(alert=alert, by=mara)
    withdraw_escalation(alert=alert, by=mara)
    assert offered(mara) == [alert]
    assert AuditEvent.objects.filter(action="alert.referral_taken_back").count() == 1


def test_how_the_first_leaned_is_told_after_the_decision(
    alert: Alert, rita: User, as_rita: Client
) -> None:
    rob = factories.member(factories.operator(), "rob", role="reviewer")
    page = reverse("escalate-alert", args=[alert.pk])
    sent = {
        "escalation_kind": "second_opinion",
        "outcome": "genuine_goods",
        "note": "The cap is odd.",
    }
    factories.signed_in(rob).post(page, sent)
    shown = reverse("alert", args=[alert.pk])
    before = as_rita.get(shown).text
    assert "The cap is odd." in before
    assert "preliminary outcome" not in before
    assert 'name="escalation_kind" value="second_opinion"' in before
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    assert "preliminary outcome: genuine goods (resale)" in as_rita.get(shown).text


def test_a_reason_fits_its_outcome(alert: Alert, rita: User, as_rita: Client) -> None:
    with pytest.raises(ReasonDoesNotFit):
        decide_alert(
            alert=alert,
            outcome=Decision.Outcome.GENUINE_GOODS,
            reason=Decision.Reason.COUNTERFEIT,
            note="",
            by=rita,
        )
    page = reverse("decide-alert", args=[alert.pk])
    answer = as_rita.post(page, {"outcome": "genuine_goods", "reason": "counterfeit"})
    assert "This reason belongs to another decision" in answer.text
    as_rita.post(page, {"outcome": "infringing", "reason": "counterfeit"})
    assert Decision.objects.get().reason == "counterfeit"
