"""Two reviewers never work on the same alert."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Marketplace
from detection.review.models import Alert, Decision
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_rob(rita: User) -> Client:
    return factories.signed_in(factories.member(factories.operator(), "rob", role="reviewer"))


def test_two_reviewers_never_work_on_the_same_alert(
    page: str, decision: str, as_rita: Client, as_rob: Client
) -> None:
    as_rita.get(page)
    shown = as_rob.get(page).text
    assert "rita is working on this alert" in shown
    assert "Record the decision" not in shown
    assert as_rob.post(decision, {"outcome": "genuine_goods"}).status_code == 409
    assert not Decision.objects.exists()
    assert as_rita.post(decision, {"outcome": "genuine_goods"}).status_code == 302


def test_a_claim_ends_by_itself(page: str, decision: str, as_rita: Client, as_rob: Client) -> None:
    as_rita.get(page)
    Alert.objects.update(locked_until=timezone.now())
    assert "Record the decision" in as_rob.get(page).text
    assert "rob is working" in as_rita.get(page).text


def test_what_somebody_looks_at_is_nobody_else_s_next(
    page: str, brand: Brand, marketplace: Marketplace, as_rita: Client, as_rob: Client
) -> None:
    other = factories.alert(brand, marketplace)
    as_rob.get(reverse("alert", args=[other.pk]))
    assert reverse("alert", args=[other.pk]) not in as_rita.get(page).text


def test_an_owner_who_looks_claims_nothing(page: str, as_alice: Client, as_rita: Client) -> None:
    as_alice.get(page)
    assert Alert.objects.get().locked_by is None
