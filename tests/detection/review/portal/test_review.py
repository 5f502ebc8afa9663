"""An alert is looked at, decided and talked about. Alice owns the brand, Bob is on her team,
Charlie is a stranger, Rita reviews.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Marketplace
from detection.intake.models import Listing
from detection.review.actions.decide import decide_alert
from detection.review.models import Alert, Decision
from fingerprints.models import Brand
from tests import factories
from tests.pages import HTMX, INLINE

pytestmark = pytest.mark.django_db


def test_an_alert_is_seen_by_the_team_and_the_reviewer(
    page: str, as_alice: Client, as_bob: Client, as_rita: Client
) -> None:
    for client in (as_alice, as_bob, as_rita):
        text = client.get(page).text
        assert "A bottle, nearly new" in text
        assert not INLINE.search(text)


def test_a_stranger_finds_no_alert(page: str, decision: str, as_charlie: Client) -> None:
    assert as_charlie.get(page).status_code == 404
    assert as_charlie.post(decision, {"outcome": "genuine_goods"}).status_code == 404
    assert "A bottle" not in as_charlie.get(reverse("alerts")).text


def test_nobody_is_sent_to_sign_in(page: str, decision: str) -> None:
    for url in (page, reverse("alerts"), reverse("home")):
        assert Client().get(url).headers["Location"] == f"/sign-in?next={url}"
    assert Client().post(decision, {"outcome": "genuine_goods"}).status_code == 302
    assert Client().post(decision, headers=HTMX).headers["HX-Redirect"] == "/sign-in?next=/"
    assert not Decision.objects.exists()


def test_a_decision_by_a_plain_form_leads_back_to_the_alert(
    alert: Alert, page: str, decision: str, as_rita: Client
) -> None:
    given = {"outcome": "infringing", "reason": "design_copied", "note": "Same cap,\nsame label."}
    assert as_rita.post(decision, given).headers["Location"] == page
    alert.refresh_from_db()
    assert (alert.state, alert.decision.outcome) == ("decided", "infringing")
    text = as_rita.get(page).text
    assert "by rita" in text
    assert "Same cap,<br>same label." in text
    assert f'action="{decision}"' not in text


def test_a_decision_by_htmx_replaces_what_it_changes(decision: str, as_rita: Client) -> None:
    response = as_rita.post(decision, {"outcome": "genuine_goods"}, headers=HTMX)
    assert response.status_code == 200
    assert "<html" not in response.text
    assert "Genuine goods" in response.text
    for part in ('<section id="review"', '<section id="standing"', '<span id="open-alerts"'):
        assert response.text.count(part) == 1, part


def test_needs_more_leaves_the_alert_open(
    alert: Alert, page: str, decision: str, as_rita: Client
) -> None:
    as_rita.post(decision, {"outcome": "needs_more", "note": "Ask for the invoice."})
    alert.refresh_from_db()
    assert alert.state == Alert.State.OPEN
    text = as_rita.get(page).text
    assert "Ask for the invoice." in text
    assert f'action="{decision}"' in text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_decision_that_comes_second_shows_the_one_that_stands(
    headers: dict[str, str], alert: Alert, decision: str, as_rita: Client
) -> None:
    quick = factories.member(factories.operator(), "quick", role="reviewer")
    decide_alert(alert=alert, outcome=Decision.Outcome.GENUINE_GOODS, note="", by=quick)
    response = as_rita.post(
        decision, {"outcome": "infringing", "reason": "design_copied"}, headers=headers
    )
    assert response.status_code == 409
    assert "the alert already has the decision below" in response.text
    assert "by quick" in response.text
    assert ("<html" in response.text) == (not headers)
    assert Decision.objects.get().outcome == "genuine_goods"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_decision_without_an_outcome_is_asked_for(
    headers: dict[str, str], decision: str, as_rita: Client
) -> None:
    response = as_rita.post(decision, {"note": "Kept."}, headers=headers)
    assert response.status_code == 422
    assert "Choose a decision." in response.text
    assert "Kept." in response.text


def test_a_reviewer_goes_on_to_the_next_open_alert(
    page: str, decision: str, brand: Brand, marketplace: Marketplace, as_rita: Client
) -> None:
    factories.alert(brand, marketplace, similarity=88)
    likeliest = factories.alert(brand, marketplace, similarity=99)
    response = as_rita.post(decision, {"outcome": "genuine_goods"}, headers=HTMX)
    assert response["HX-Redirect"].startswith(reverse("alert", args=[likeliest.pk]))


def test_the_next_alert_undoes_what_led_to_it(
    alert: Alert,
    decision: str,
    brand: Brand,
    marketplace: Marketplace,
    as_rita: Client,
    settings: Settings,
) -> None:
    settings.UNDO_SECONDS = 30
    factories.alert(brand, marketplace)
    there = as_rita.post(decision, {"outcome": "genuine_goods"}, follow=True)
    assert "Recorded for A bottle, nearly new: genuine goods (resale)." in there.text
    assert reverse("undo-decision", args=[alert.pk]) in there.text
    assert as_rita.post(reverse("undo-decision", args=[alert.pk])).status_code == 302
    assert not Decision.objects.exists()


def test_an_alert_of_an_earlier_revision_is_not_open_work(alert: Alert, as_rita: Client) -> None:
    open_ones = f"{reverse('alerts')}?state=open"
    assert "A bottle" in as_rita.get(open_ones).text
    Listing.objects.update(superseded_at=timezone.now())
    assert "A bottle" not in as_rita.get(open_ones).text
    assert "A bottle" in as_rita.get(reverse("alerts")).text


def test_those_who_see_an_alert_talk_about_it(
    alert: Alert, page: str, as_bob: Client, as_rita: Client, as_charlie: Client
) -> None:
    said = reverse("comment-alert", args=[alert.pk])
    as_bob.post(said, {"text": "Our cap has a ring."})
    assert "Our cap has a ring." in as_rita.get(page).text
    assert "Nothing was recorded" in as_bob.post(said, {"text": ""}, follow=True).text
    assert as_charlie.post(said, {"text": "Hello."}).status_code == 404
    assert AuditEvent.objects.filter(action="alert.commented").count() == 1
