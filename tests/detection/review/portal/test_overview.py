"""What became of a brand's claims."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from accounts.models import Marketplace
from detection.intake.models import Listing
from detection.review.actions.decide import decide_alert
from detection.review.models import Alert, Decision
from fingerprints.models import Brand
from tests import factories
from tests.pages import INLINE

pytestmark = pytest.mark.django_db


def test_an_owner_sees_what_became_of_the_claims(
    alert: Alert, brand: Brand, marketplace: Marketplace, rita: User, as_alice: Client
) -> None:
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    other = factories.alert(brand, marketplace)
    decide_alert(alert=other, outcome=Decision.Outcome.NOT_INFRINGING, note="", by=rita)
    page = as_alice.get(reverse("overview")).text
    assert re.search(r"Judged by reviewers</dt><dd>2<", page)
    assert "(50%)" in page
    assert re.search(r'Bazaar</th><td class="bar-cell">.*</td><td>2</td><td>1</td>', page)
    brand_page = as_alice.get(f"{reverse('overview')}?brand={brand.pk}&days=364").text
    assert "Alerts by week" in brand_page
    assert as_alice.get(reverse("overview"), {"days": 5}).status_code == 200
    assert not INLINE.search(page)


def test_a_stranger_and_a_reviewer_see_none_of_it(
    alert: Alert, as_charlie: Client, as_rita: Client
) -> None:
    for client in (as_charlie, as_rita):
        assert "Bazaar" not in client.get(reverse("overview")).text


def test_the_csv_runs_nothing_in_a_spreadsheet(alert: Alert, as_alice: Client) -> None:
    Listing.objects.update(seller_id="=HYPERLINK(1)")
    lines = as_alice.get(reverse("overview"), {"format": "csv"}).text.splitlines()
    assert len(lines) == 2
    assert "'=HYPERLINK(1)" in lines[1]


def test_the_overview_takes_the_same_queries_however_many_alerts(
    alert: Alert,
    brand: Brand,
    marketplace: Marketplace,
    as_alice: Client,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(3):
        factories.alert(brand, marketplace)
    with django_assert_max_num_queries(20):
        as_alice.get(reverse("overview"))
