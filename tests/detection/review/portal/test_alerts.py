"""The list of alerts: the queue, filters and pages."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Marketplace
from detection.review.models import Alert
from fingerprints.models import Brand
from tests import factories
from tests.pages import HTMX, INLINE

pytestmark = pytest.mark.django_db


def test_the_list_names_what_matters(alerts: list[Alert], as_alice: Client) -> None:
    text = as_alice.get(reverse("alerts")).text
    assert not INLINE.search(text)
    assert text.index("A lamp") < text.index("A bottle, nearly new")
    for part in ("seller-1 on Bazaar", "93.5", "Resemblance", "Genuine goods", "Open"):
        assert part in text, part


@pytest.mark.parametrize(
    "given",
    [
        "state=open",
        "match_kind=copy",
        "similarity=90",
        "brand={0}",
        "marketplace={1}",
        "seller=seller-1",
    ],
)
def test_filters_live_in_the_url(given: str, alerts: list[Alert], as_alice: Client) -> None:
    asked = given.format(alerts[0].brand_id, alerts[0].listing.marketplace_id)
    text = as_alice.get(f"{reverse('alerts')}?{asked}").text
    assert "A bottle" in text
    assert "A lamp" not in text


def test_alerts_of_the_last_days_alone(alerts: list[Alert], as_alice: Client) -> None:
    Alert.objects.filter(pk=alerts[1].pk).update(raised_at=timezone.now() - timedelta(days=9))
    since = (timezone.now() - timedelta(days=3)).date()
    text = as_alice.get(f"{reverse('alerts')}?since={since}").text
    assert "A bottle" in text
    assert "A lamp" not in text


def test_the_queue_is_ordered_by_risk_and_paged_by_key(
    brand: Brand, marketplace: Marketplace, as_rita: Client
) -> None:
    made = [factories.alert(brand, marketplace, similarity=70 + n) for n in range(27)]
    first = as_rita.get(f"{reverse('alerts')}?state=open&order=risk").text
    assert reverse("alert", args=[made[-1].pk]) in first
    assert reverse("alert", args=[made[0].pk]) not in first
    older = re.search(r'hx-get="([^"]+before=[^"]+)"', first)
    assert older
    rest = as_rita.get(older[1].replace("&amp;", "&")).text
    assert rest.count('class="alert-row') == 2
    assert reverse("alert", args=[made[0].pk]) in rest


@pytest.mark.parametrize("order", ["", "risk"])
def test_the_queue_has_a_row_a_listing_with_its_claims_inside(
    order: str, alert: Alert, as_rita: Client
) -> None:
    umbra = factories.brand(factories.organisation("Umbra Works"), "Umbra")
    other = factories.claim_too(alert, umbra, similarity=88)
    page = as_rita.get(f"{reverse('alerts')}?order={order}").text
    assert page.count('class="alert-row') == 1
    assert page.count('class="claims"') == 1
    for claim in (alert, other):
        assert page.count(reverse("alert", args=[claim.pk])) == 1
    of_umbra = as_rita.get(f"{reverse('alerts')}?brand={umbra.pk}").text
    assert of_umbra.index("Umbra ") < of_umbra.index('class="claims"')


def test_a_claimant_sees_no_other_s_claim_in_it(alert: Alert, as_alice: Client) -> None:
    factories.claim_too(alert, factories.brand(factories.organisation("Umbra Works"), "Umbra"))
    assert "Umbra" not in as_alice.get(reverse("alerts")).text


def test_a_filter_that_makes_no_sense_is_told_of(alerts: list[Alert], as_alice: Client) -> None:
    text = as_alice.get(f"{reverse('alerts')}?similarity=high&brand=x&state=odd").text
    assert "Enter a number." in text
    assert "A lamp" in text


def test_filters_offer_only_what_the_person_sees(
    alerts: list[Alert], as_charlie: Client, as_alice: Client
) -> None:
    assert "Souk" in as_alice.get(reverse("alerts")).text
    assert "Souk" not in as_charlie.get(reverse("alerts")).text


def test_filtering_by_htmx_sends_the_results_and_a_clean_url(
    alerts: list[Alert], as_alice: Client
) -> None:
    response = as_alice.get(
        f"{reverse('alerts')}?state=open&brand=", headers=HTMX | {"HX-Target": "results"}
    )
    assert response.headers["HX-Push-Url"] == "/alerts?state=open"
    assert response.text.strip().startswith('<section id="results"')


def test_alerts_are_paged_by_key(
    alert: Alert, brand: Brand, marketplace: Marketplace, as_rita: Client
) -> None:
    for number in range(26):
        made = factories.alert(brand, marketplace)
        Alert.objects.filter(pk=made.pk).update(
            raised_at=timezone.now() + timedelta(minutes=number)
        )
    url = f"{reverse('alerts')}?state=open"
    first = as_rita.get(url).text
    older = re.search(r'hx-get="([^"]+before=[^"]+)"', first)
    assert older
    link = older[1].replace("&amp;", "&")
    assert "state=open" in link
    rows = as_rita.get(link, headers=HTMX | {"HX-Target": "older"}).text
    assert rows.count('class="alert-row') == 2
    assert "<section" not in rows
    assert reverse("alert", args=[alert.pk]) in rows
    assert 'id="older"' not in rows
    assert as_rita.get(link).text.count('class="alert-row') == 2


def test_the_list_takes_the_same_queries_however_long(
    alert: Alert,
    brand: Brand,
    marketplace: Marketplace,
    as_rita: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(10):
        as_rita.get(reverse("alerts"))
    for _ in range(4):
        factories.alert(brand, marketplace)
    with django_assert_num_queries(10):
        as_rita.get(reverse("alerts"))
