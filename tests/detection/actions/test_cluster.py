"""Near-identical listings decided together, each with a record of its own."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from detection.actions.claim import claim_alert
from detection.actions.cluster import cluster_of, decide_cluster, undo_cluster
from detection.models import Alert, Decision, ListingImage, Marketplace
from fingerprints.models import AuditEvent, Brand, DesignImage
from tests import factories

INFRINGING = Decision.Outcome.INFRINGING


@pytest.fixture
def view(brand: Brand) -> DesignImage:
    return factories.view(factories.design(brand))


def alert_on(view: DesignImage, on: Marketplace, perceptual_hash: int) -> Alert:
    made = factories.alert(view.design.brand, on)
    ListingImage.objects.filter(listing=made.listing).update(perceptual_hash=perceptual_hash)
    made.match.view = view
    made.match.save()
    return Alert.objects.get(pk=made.pk)


@pytest.fixture
def alerts(view: DesignImage, marketplace: Marketplace) -> list[Alert]:
    """Three alike, and one of another picture."""
    return [alert_on(view, marketplace, shown) for shown in (0, 0b11, 0b111111, 0xFFFF)]


def test_those_on_nearly_the_same_picture_belong_together(alerts: list[Alert], rita: User) -> None:
    assert set(cluster_of(alerts[0], rita)) == set(alerts[1:3])


def test_what_another_reviewer_looks_at_does_not(alerts: list[Alert], rita: User) -> None:
    rob = factories.member(factories.operator(), "rob", role="reviewer")
    claim_alert(alert=alerts[1], by=rob)
    assert cluster_of(alerts[0], rita) == [alerts[2]]


def test_nor_what_the_user_may_not_decide(alerts: list[Alert], alice: User) -> None:
    assert cluster_of(alerts[0], alice) == []


def test_each_has_a_decision_and_an_audit_event_of_its_own(alerts: list[Alert], rita: User) -> None:
    others = [alert.pk for alert in alerts]
    assert decide_cluster(alert=alerts[0], also=others, outcome=INFRINGING, note="", by=rita) == 2
    assert set(Decision.objects.values_list("alert", flat=True)) == {a.pk for a in alerts[:3]}
    assert len(set(Decision.objects.values_list("cluster", flat=True))) == 1
    assert AuditEvent.objects.filter(action="alert.decided").count() == 3


def test_single_members_are_taken_out_first(alerts: list[Alert], rita: User) -> None:
    decide_cluster(alert=alerts[0], also=[alerts[1].pk], outcome=INFRINGING, note="", by=rita)
    assert Decision.objects.count() == 2


def test_undoing_undoes_them_all(alerts: list[Alert], rita: User, settings: Settings) -> None:
    settings.UNDO_SECONDS = 30
    others = [alert.pk for alert in alerts]
    decide_cluster(alert=alerts[0], also=others, outcome=INFRINGING, note="", by=rita)
    undo_cluster(alert=alerts[0], by=rita)
    assert not Decision.objects.exists()
    assert AuditEvent.objects.filter(action="alert.undone").count() == 3


def test_the_page_offers_the_cluster_and_decides_it(alerts: list[Alert], as_rita: Client) -> None:
    page = as_rita.get(reverse("alert", args=[alerts[0].pk])).text
    assert "With 2 near-identical listings" in page
    sent = {"outcome": "infringing", "also": [str(alerts[1].pk), str(alerts[2].pk), "nonsense"]}
    there = as_rita.post(reverse("decide-alert", args=[alerts[0].pk]), sent, follow=True)
    assert "Decided with 2 near-identical listings." in there.text
    assert Decision.objects.count() == 3
