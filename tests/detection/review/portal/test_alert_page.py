"""What the page of an alert says to whom."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from detection.review.models import Alert, Decision
from tests import factories

pytestmark = pytest.mark.django_db


def test_another_brands_view_on_the_same_listing_stays_hidden(
    alert: Alert, as_alice: Client
) -> None:
    theirs = factories.view(factories.design(factories.brand(factories.organisation("Theirs"))))
    factories.match(alert.match.listing_image, theirs)
    assert as_alice.get(reverse("design-picture", args=[theirs.pk])).status_code == 404


def test_who_claims_the_design_is_told_why_there_is_no_decision_to_take(
    page: str, decision: str, as_alice: Client
) -> None:
    text = as_alice.get(page).text
    assert "so a reviewer of the operator" in text
    assert decision not in text
    assert (
        as_alice.post(decision, {"outcome": "infringing", "reason": "design_copied"}).status_code
        == 403
    )
    assert not Decision.objects.exists()


def test_an_unverified_organisation_is_told_that_nothing_is_held(
    page: str, acme: Organisation, as_alice: Client, as_rita: Client
) -> None:
    Organisation.objects.filter(pk=acme.pk).update(verified_at=None, verified_by=None)
    assert "only you see this alert" in as_alice.get(page).text
    assert as_rita.get(page).status_code == 404


def test_an_alert_gives_the_reasons_that_speak_of_its_own_brand(
    alert: Alert, page: str, as_alice: Client
) -> None:
    alert.listing.reasons = [
        {"brand_id": str(alert.brand_id), "rule": "awaits_review", "text": "Held for Fizz."},
        {"brand_id": str(uuid4()), "rule": "awaits_review", "text": "Held for Rival."},
    ]
    alert.listing.save()
    told = as_alice.get(page).text
    assert "Held for Fizz." in told
    assert "Held for Rival." not in told
