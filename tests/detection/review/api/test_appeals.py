"""Who hears an appeal, and who takes a decision back, over the API."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import ApiKey, Marketplace
from detection.intake.models import Listing
from detection.review.actions.appeal import appeal_listing
from detection.review.actions.decide import decide_alert
from detection.review.models import Alert, Appeal, Decision
from fingerprints.models import Brand
from tests import factories
from tests.api import LISTINGS, call, offer, send


@pytest.fixture
def appeal(alert: Alert) -> Appeal:
    return appeal_listing(
        listing=alert.listing, ground=Appeal.Ground.OTHER, text="", by=factories.staff()
    )


def key_of(person: User, scope: str = "alerts") -> str:
    return factories.api_key(person.memberships.get().organisation, person, scope)


def test_a_reviewer_hears_an_appeal_and_the_same_again_changes_nothing(
    appeal: Appeal, rita: User
) -> None:
    key = key_of(rita)
    assert [row["id"] for row in call(key, "get", "appeals").json()["results"]] == [str(appeal.pk)]
    where, lifted = f"appeals/{appeal.pk}/decision", {"outcome": "granted", "note": "A receipt."}
    for _ in range(2):
        assert call(key, "put", where, lifted).json()["state"] == "granted"
    assert call(key, "put", where, {"outcome": "denied"}).status_code == 409


def test_a_marketplace_s_reviewers_hear_what_is_on_it_and_nothing_else(
    appeal: Appeal, marketplace: Marketplace
) -> None:
    other = factories.marketplace("Souk").organisation
    for of, status in ((marketplace.organisation, 200), (other, 404)):
        person = factories.member(of, f"reviewer of {of}", role="reviewer")
        assert call(key_of(person), "get", f"appeals/{appeal.pk}").status_code == status


@pytest.mark.parametrize("by", ["get", "put"])
def test_claimants_and_strangers_find_no_appeal(
    appeal: Appeal, alice: User, bob: User, charlie: User, by: str
) -> None:
    where = f"appeals/{appeal.pk}" + "/decision" * (by == "put")
    for person in (alice, bob, charlie):
        answer = call(key_of(person), by, where, {"outcome": "granted"} if by == "put" else None)
        assert answer.status_code == 404
    assert Appeal.objects.get().state == "open"


def test_without_the_scope_or_revoked_nobody_gets_in(appeal: Appeal, rita: User) -> None:
    assert call(key_of(rita, "designs"), "get", "appeals").status_code == 403
    key = key_of(rita)
    ApiKey.objects.update(revoked_at=timezone.now())
    assert call(key, "get", "appeals").status_code == 401


def test_who_decided_first_does_not_hear_it(alert: Alert, rita: User) -> None:
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    alert.listing.refresh_from_db()
    made = appeal_listing(
        listing=alert.listing, ground=Appeal.Ground.OTHER, text="", by=factories.staff()
    )
    answer = call(key_of(rita), "put", f"appeals/{made.pk}/decision", {"outcome": "denied"})
    assert answer.status_code == 403


def test_a_decision_is_taken_back_by_who_took_it_and_in_time(
    alert: Alert, rita: User, alice: User, settings: Settings
) -> None:
    settings.UNDO_SECONDS = 30
    rob = factories.member(factories.operator(), "rob", role="reviewer")
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    where = f"alerts/{alert.pk}/decision"
    for person in (rob, alice):
        assert call(key_of(person), "delete", where).status_code == 403
    assert call(key_of(rita), "delete", where).status_code == 204
    assert not Decision.objects.exists()
    settings.UNDO_SECONDS = 0
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    assert call(key_of(rita), "delete", where).status_code == 409


def test_a_list_of_appeals_costs_the_same_however_long(
    brand: Brand, marketplace: Marketplace, rita: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        appeal_listing(
            listing=factories.alert(brand, marketplace).listing,
            ground=Appeal.Ground.OTHER,
            text="",
            by=factories.staff(),
        )
    key = key_of(rita)
    with django_assert_max_num_queries(4):
        assert len(call(key, "get", "appeals").json()["results"]) == 4


def test_a_sandbox_s_appeals_are_nobody_s_to_hear(
    appeal: Appeal, rita: User, as_rita: Client
) -> None:
    Listing.objects.update(sandbox=True)
    assert call(key_of(rita), "get", "appeals").json()["results"] == []
    assert "A bottle" not in as_rita.get(reverse("appeals")).text


def test_an_appeal_is_taken_in_once_with_its_clock(
    key: str, marketplace: Marketplace, brand: Brand
) -> None:
    alert = factories.alert(brand, marketplace)
    where = f"{LISTINGS}/{alert.listing_id}/appeals"
    first = send(where, key, {"ground": "genuine_goods", "text": "Bought in Lyon."})
    again = send(where, key, {"ground": "other"})
    assert (first.status_code, first.json()["state"]) == (201, "open")
    assert again.json()["id"] == first.json()["id"]
    assert [one["ground"] for one in send(where, key, by="get").json()] == ["genuine_goods"]


def test_what_is_not_restricted_is_not_appealed(key: str) -> None:
    number = send(LISTINGS, key, offer()).json()["id"]
    answer = send(f"{LISTINGS}/{number}/appeals", key, {"ground": "other"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "nothing_to_appeal")
