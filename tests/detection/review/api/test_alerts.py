"""Alerts over the API, and decisions about them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, Marketplace
from detection.intake.models import Verdict
from detection.review.models import Alert, Decision
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db


def test_alerts_are_seen_by_claimant_and_reviewer_alone(
    as_alice: Client,
    as_bob: Client,
    as_charlie: Client,
    as_rita: Client,
    brand: Brand,
    marketplace: Marketplace,
) -> None:
    path = f"/api/v1/alerts/{factories.alert(brand, marketplace).pk}"
    seen = [c.get(path).status_code for c in (as_alice, as_bob, as_charlie, as_rita)]
    assert seen == [200, 200, 404, 200]


def test_a_brand_sees_nothing_of_a_marketplace_that_did_not_admit_it(
    as_alice: Client, brand: Brand
) -> None:
    elsewhere = factories.alert(brand, factories.marketplace("Closed"))
    assert as_alice.get(f"/api/v1/alerts/{elsewhere.pk}").status_code == 404


def test_an_unverified_organisation_alerts_nobody_but_itself(as_rita: Client) -> None:
    nobody = factories.organisation("Nobody", verified=False)
    owner = factories.member(nobody, "owner")
    alert = factories.alert(factories.brand(nobody), factories.marketplace(admits=[nobody]))
    path = f"/api/v1/alerts/{alert.pk}"
    assert as_rita.get(path).status_code == 404
    assert factories.signed_in(owner).get(path).status_code == 200


def decide(client: Client, alert: Alert, outcome: str = "infringing") -> object:
    reason = "design_copied" if outcome == "infringing" else ""
    body = {"outcome": outcome, "reason": reason}
    return client.put(f"/api/v1/alerts/{alert.pk}/decision", body, content_type="application/json")


def test_a_reviewer_decides_and_the_verdict_follows(
    as_rita: Client, brand: Brand, marketplace: Marketplace
) -> None:
    alert = factories.alert(brand, marketplace)
    response = decide(as_rita, alert)
    assert response.status_code == 200  # type: ignore[attr-defined]
    alert.refresh_from_db()
    assert (alert.state, alert.listing.verdict) == (Alert.State.DECIDED, Verdict.BLOCK)
    assert AuditEvent.objects.filter(action="alert.decided", actor="rita").count() == 1


def test_the_claimant_never_decides(
    as_alice: Client, as_bob: Client, as_charlie: Client, brand: Brand, marketplace: Marketplace
) -> None:
    alert = factories.alert(brand, marketplace)
    answers = [decide(client, alert).status_code for client in (as_alice, as_bob, as_charlie)]  # type: ignore[attr-defined]
    assert answers == [403, 403, 404]
    assert not Decision.objects.exists()


def test_a_conflicting_decision_answers_with_the_one_that_stands(
    as_rita: Client, brand: Brand, marketplace: Marketplace
) -> None:
    alert = factories.alert(brand, marketplace)
    decide(as_rita, alert, "genuine_goods")
    assert decide(as_rita, alert, "genuine_goods").status_code == 200  # type: ignore[attr-defined]
    conflict = decide(as_rita, alert, "infringing")
    assert conflict.status_code == 409  # type: ignore[attr-defined]
    (told,) = conflict.json()["errors"]  # type: ignore[attr-defined]
    assert (told["decision"]["outcome"], told["decision"]["by"]) == ("genuine_goods", "rita")


def test_an_unknown_outcome_is_named(
    as_rita: Client, brand: Brand, marketplace: Marketplace
) -> None:
    response = decide(as_rita, factories.alert(brand, marketplace), "guilty")
    assert response.status_code == 400  # type: ignore[attr-defined]
    assert response.json()["errors"][0]["field"] == "outcome"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("similarity_min=90", 1),
        ("state=decided", 0),
        ("match_kind=copy", 2),
        ("seller_id=nobody", 0),
    ],
)
def test_alerts_are_filtered_by_url(
    as_rita: Client, brand: Brand, marketplace: Marketplace, query: str, found: int
) -> None:
    factories.alert(brand, marketplace, similarity=88.0)
    factories.alert(brand, marketplace, similarity=95.0)
    assert len(as_rita.get(f"/api/v1/alerts?{query}").json()["results"]) == found


def test_alerts_page_by_key(as_rita: Client, brand: Brand, marketplace: Marketplace) -> None:
    made = {str(factories.alert(brand, marketplace).pk) for _ in range(3)}
    first = as_rita.get("/api/v1/alerts?page_size=2").json()
    factories.alert(brand, marketplace)  # a newer one shifts nothing
    second = as_rita.get(first["next"]).json()
    assert {row["id"] for row in first["results"] + second["results"]} == made


def test_lists_cost_the_same_however_long_they_are(
    as_rita: Client,
    bazaar: Client,
    brand: Brand,
    marketplace: Marketplace,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        factories.alert(brand, marketplace)
    with django_assert_num_queries(4):  # session, user, whether an operator's reviewer, alerts
        assert len(as_rita.get("/api/v1/alerts").json()["results"]) == 3
    with django_assert_num_queries(2):  # key, listings
        assert len(bazaar.get("/api/v1/listings").json()["results"]) == 3


def test_a_key_for_alerts_reviews_only_for_its_own_organisation(
    client: Client, rita: User, brand: Brand, marketplace: Marketplace, charlie: User
) -> None:
    elsewhere = charlie.memberships.get().organisation
    elsewhere.memberships.create(user=rita)
    alert = factories.alert(brand, marketplace)
    path = f"/api/v1/alerts/{alert.pk}"
    for organisation, status in ((factories.operator(), 200), (elsewhere, 404)):
        key = factories.api_key(organisation, rita, "alerts")
        seen = client.get(path, headers={"Authorization": f"Bearer {key}"})
        assert seen.status_code == status
