"""Near-identical listings decided together, each with a record of its own."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Marketplace
from detection.intake.models import Listing, ListingImage
from detection.review.actions.alert_lock import lock_alert
from detection.review.actions.appeal import appeal_listing
from detection.review.actions.cluster import (
    DecidedAlong,
    WhyLeftOut,
    cluster_of,
    decide_cluster,
    undo_cluster,
)
from detection.review.actions.escalate import escalate_alert
from detection.review.models import Alert, Appeal, Decision, Escalation
from fingerprints.models import Brand, DesignImage
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


def along(alerts: list[Alert], by: User, outcome: Decision.Outcome) -> DecidedAlong:
    """All are sent along with the first."""
    return decide_cluster(
        alert=alerts[0],
        also=[alert.pk for alert in alerts],
        outcome=outcome,
        reason="design_copied" if outcome == INFRINGING else "",
        note="",
        by=by,
    )


def test_those_on_nearly_the_same_picture_belong_together(alerts: list[Alert], rita: User) -> None:
    assert set(cluster_of(alerts[0], rita).members) == set(alerts[1:3])


def test_what_another_reviewer_looks_at_does_not(alerts: list[Alert], rita: User) -> None:
    rob = factories.member(factories.operator(), "rob", role="reviewer")
    lock_alert(alert=alerts[1], by=rob)
    found = cluster_of(alerts[0], rita)
    assert found.members == [alerts[2]]
    assert found.left_out == [(alerts[1], WhyLeftOut.LOCKED)]


def test_nor_what_the_user_may_not_decide(alerts: list[Alert], alice: User) -> None:
    assert cluster_of(alerts[0], alice).members == []


def test_each_has_a_decision_and_an_audit_event_of_its_own(alerts: list[Alert], rita: User) -> None:
    assert along(alerts, rita, INFRINGING).members == 2
    assert set(Decision.objects.values_list("alert", flat=True)) == {a.pk for a in alerts[:3]}
    assert len(set(Decision.objects.values_list("cluster", flat=True))) == 1
    assert AuditEvent.objects.filter(action="alert.decided").count() == 3


def test_single_members_are_taken_out_first(alerts: list[Alert], rita: User) -> None:
    decide_cluster(
        alert=alerts[0],
        also=[alerts[1].pk],
        outcome=INFRINGING,
        reason="design_copied",
        note="",
        by=rita,
    )
    assert Decision.objects.count() == 2


def appealed(alert: Alert) -> Appeal:
    return appeal_listing(
        listing=alert.listing, ground=Appeal.Ground.LICENSED, text="", by=factories.staff()
    )


def test_one_whose_seller_appealed_is_never_in_it(alerts: list[Alert], rita: User) -> None:
    appeal = appealed(alerts[1])
    assert cluster_of(alerts[0], rita).left_out == [(alerts[1], WhyLeftOut.APPEALED)]
    assert along(alerts, rita, Decision.Outcome.NOT_INFRINGING).left_out == [
        (alerts[1], WhyLeftOut.APPEALED)
    ]
    assert Appeal.objects.get(pk=appeal.pk).state == "open"
    assert Alert.objects.get(pk=alerts[1].pk).state == "open"


def test_nor_one_that_another_reviewer_looks_at(alerts: list[Alert], rita: User) -> None:
    lock_alert(alert=alerts[1], by=factories.member(factories.operator(), "rob", role="reviewer"))
    done = along(alerts, rita, INFRINGING)
    assert (done.members, done.left_out) == (1, [(alerts[1], WhyLeftOut.LOCKED)])


def test_nor_one_that_was_handed_on(alerts: list[Alert], rita: User) -> None:
    escalate_alert(
        alert=alerts[1], escalation_kind=Escalation.EscalationKind.SECOND_OPINION, by=rita
    )
    assert along(alerts, rita, INFRINGING).left_out == [(alerts[1], WhyLeftOut.HANDED_ON)]


def test_nor_one_whose_listing_changed_since_the_page_was_shown(
    alerts: list[Alert], rita: User
) -> None:
    Listing.objects.filter(pk=alerts[1].listing_id).update(superseded_at=timezone.now())
    assert along(alerts, rita, INFRINGING).left_out == [(alerts[1], WhyLeftOut.CHANGED)]


def test_what_is_true_of_one_seller_is_recorded_for_one_alert(
    alerts: list[Alert], rita: User
) -> None:
    done = along(alerts, rita, Decision.Outcome.GENUINE_GOODS)
    assert (done.members, {why for _, why in done.left_out}) == (0, {WhyLeftOut.OF_THE_SELLER})
    assert Decision.objects.get().alert == alerts[0]


def test_a_licence_covers_others_where_it_is_on_record_for_them_too(
    alerts: list[Alert], brand: Brand, marketplace: Marketplace, rita: User
) -> None:
    Listing.objects.filter(pk=alerts[2].listing_id).update(seller_id="seller-2")
    factories.licence(brand, marketplace, seller_id="seller-1")
    done = along(alerts, rita, Decision.Outcome.LICENSED)
    assert (done.members, done.left_out) == (1, [(alerts[2], WhyLeftOut.OF_THE_SELLER)])


def test_nor_one_that_shows_more_than_what_is_in_view(
    alerts: list[Alert], brand: Brand, rita: User
) -> None:
    second = factories.listing_image(alerts[1].listing, position=1, perceptual_hash=0xFFFF)
    factories.match(second, alerts[1].match.view, similarity=99)
    cap = factories.view(factories.design(brand, "Cap"))
    factories.match(alerts[2].match.listing_image, cap, similarity=90)
    assert cluster_of(alerts[0], rita).members == []
    done = along(alerts, rita, Decision.Outcome.NOT_INFRINGING)
    assert {why for _, why in done.left_out} == {WhyLeftOut.MORE_TO_SEE}


def test_nor_one_for_which_nothing_is_held(alerts: list[Alert], rita: User) -> None:
    Alert.objects.filter(pk=alerts[1].pk).update(rule="no_right_in_force")
    assert along(alerts, rita, INFRINGING).left_out == [(alerts[1], WhyLeftOut.NOT_HELD)]


def test_an_owner_is_asked_about_the_seller_in_view_alone(alerts: list[Alert], rita: User) -> None:
    done = decide_cluster(
        alert=alerts[0],
        also=[alerts[1].pk],
        outcome=Decision.Outcome.NEEDS_MORE,
        reason="licence_asked",
        note="",
        by=rita,
    )
    assert done.left_out == [(alerts[1], WhyLeftOut.OF_THE_SELLER)]


def test_what_is_left_out_is_told_within_the_page_too(alerts: list[Alert], as_rita: Client) -> None:
    Alert.objects.exclude(pk__in=[alert.pk for alert in alerts[:2]]).delete()
    sent = {"outcome": "genuine_goods", "also": [str(alerts[1].pk)]}
    factories.member(factories.operator(), "rob", role="reviewer")
    Alert.objects.filter(pk=alerts[1].pk).update(
        locked_by=User.objects.get(username="rob"),
        locked_until=timezone.now() + timedelta(hours=1),
    )
    where = reverse("decide-alert", args=[alerts[0].pk])
    answer = as_rita.post(where, sent, headers={"HX-Request": "true"})
    assert "Left out: A bottle, nearly new" in answer.text


def test_the_page_says_what_is_left_out_and_why(alerts: list[Alert], as_rita: Client) -> None:
    appealed(alerts[1])
    page = as_rita.get(reverse("alert", args=[alerts[0].pk])).text
    assert "1 near-identical listing is left out" in page
    assert "its seller appealed" in page
    sent = {"outcome": "genuine_goods", "also": [str(alert.pk) for alert in alerts[1:3]]}
    there = as_rita.post(reverse("decide-alert", args=[alerts[0].pk]), sent, follow=True).text
    assert there.count("Left out: A bottle, nearly new of seller-1, because") == 2


def test_undoing_undoes_them_all(alerts: list[Alert], rita: User, settings: Settings) -> None:
    settings.UNDO_SECONDS = 30
    along(alerts, rita, INFRINGING)
    undo_cluster(alert=alerts[0], by=rita)
    assert not Decision.objects.exists()
    assert AuditEvent.objects.filter(action="alert.undone").count() == 3


def test_the_page_offers_the_cluster_and_decides_it(alerts: list[Alert], as_rita: Client) -> None:
    page = as_rita.get(reverse("alert", args=[alerts[0].pk])).text
    assert "With 2 near-identical listings" in page
    sent = {
        "outcome": "infringing",
        "reason": "design_copied",
        "also": [str(alerts[1].pk), str(alerts[2].pk), "nonsense"],
    }
    there = as_rita.post(reverse("decide-alert", args=[alerts[0].pk]), sent, follow=True)
    assert "Decided with 2 near-identical listings." in there.text
    assert Decision.objects.count() == 3
