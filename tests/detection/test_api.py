"""Listings and alerts over the API."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, Marketplace, Organisation
from detection.intake.models import Listing, Verdict
from detection.matching.actions.match_listing import match_listing
from detection.review.models import Alert, Decision
from fingerprints.models import Brand
from tests import bad_pictures, factories
from tests.matchers import matcher
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.django_db


@pytest.fixture
def bazaar(client: Client, marketplace: Marketplace) -> Client:
    """A client that sends listings with the marketplace's key."""
    sender = factories.member(marketplace.organisation, "bazaar-program")
    key = factories.api_key(marketplace.organisation, sender, "listings")
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def offer(**fields: object) -> dict[str, object]:
    return {
        "external_id": "offer-1",
        "seller_id": "seller-1",
        "title": "A bottle",
        "images": [factories.upload()],
    } | fields


def test_a_listing_is_taken_in_at_once_and_pending(bazaar: Client) -> None:
    response = bazaar.post("/api/v1/listings", offer(territories=["DE", "FR"]))
    assert response.status_code == 202
    assert response.json()["verdict"] == "pending"
    status = bazaar.get(response["Location"]).json()
    assert (status["state"], status["territories"]) == ("queued", ["DE", "FR"])


def test_the_same_listing_again_changes_nothing(bazaar: Client) -> None:
    first, again = (bazaar.post("/api/v1/listings", offer()).json()["id"] for _ in range(2))
    assert first == again
    assert Listing.objects.count() == 1


def test_a_changed_listing_is_its_next_revision(bazaar: Client) -> None:
    bazaar.post("/api/v1/listings", offer())
    changed = bazaar.post("/api/v1/listings", offer(title="Another title")).json()
    assert changed["revision"] == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", ""),
        ("seller_id", ""),
        ("territories", ["Germany"]),
        ("url", "not a URL"),
        ("price", "-1"),
        ("price", "cheap"),
        ("external_id", "x" * 201),
    ],
)
def test_a_wrong_field_is_named_with_a_remedy(bazaar: Client, field: str, value: object) -> None:
    fields = offer(**{field: value}) | ({"currency": "EUR"} if field == "price" else {})
    response = bazaar.post("/api/v1/listings", fields)
    assert response.status_code == 400
    told = response.json()["errors"]
    assert [one["field"] for one in told] == [field]
    assert all(one["message"] and one["remedy"] for one in told)


def test_a_price_needs_its_currency(bazaar: Client) -> None:
    response = bazaar.post("/api/v1/listings", offer(price="10"))
    assert response.json()["errors"][0]["field"] == "currency"


@pytest.mark.parametrize("name", bad_pictures.NAMES)
def test_a_bad_picture_is_told_of_and_the_others_are_matched(
    bazaar: Client, brand: Brand, tmp_path: Path, name: str
) -> None:
    bad = factories.upload(bad_pictures.make(name), f"../../{name}.jpg")
    response = bazaar.post("/api/v1/listings", offer(images=[bad, factories.upload()]))
    assert response.status_code == 202
    listing = Listing.objects.get()
    match_listing(listing=listing, matcher=matcher(tmp_path))
    status = bazaar.get(response["Location"]).json()
    refused, good = status["images"]
    assert (refused["state"], good["state"]) == ("refused", "embedded")
    assert refused["error"]["message"]
    assert refused["error"]["remedy"]
    assert (status["verdict"], status["pictures_not_looked_at"]) == ("hold", 1)
    assert status["reasons"][-1]["rule"] == "pictures_missing_held"


@pytest.mark.parametrize("name", bad_pictures.NAMES)
def test_a_listing_without_a_readable_picture_never_gets_an_allow(
    bazaar: Client, tmp_path: Path, name: str
) -> None:
    only = factories.upload(bad_pictures.make(name), "a.jpg")
    response = bazaar.post("/api/v1/listings", offer(images=[only]))
    if response.status_code == 400:
        assert response.json()["errors"][0]["field"] == "images"
        assert not Listing.objects.exists()
        return
    match_listing(listing=Listing.objects.get(), matcher=matcher(tmp_path))
    status = bazaar.get(response["Location"]).json()
    assert (status["state"], status["verdict"]) == ("failed", "pending")
    assert "send the listing again" in status["reasons"][0]["text"]


def test_only_a_marketplace_sends_listings(as_alice: Client) -> None:
    assert as_alice.post("/api/v1/listings", offer()).status_code == 403


def test_another_marketplaces_listing_is_not_found(bazaar: Client) -> None:
    theirs = factories.listing(factories.marketplace("Other"))
    assert bazaar.get(f"/api/v1/listings/{theirs.pk}").status_code == 404


def test_a_listing_tells_similarity_and_matches(
    bazaar: Client, brand: Brand, marketplace: Marketplace
) -> None:
    alert = factories.alert(brand, marketplace)
    told = bazaar.get(f"/api/v1/listings/{alert.listing_id}").json()
    assert told["similarity"] == 93.5
    (match,) = told["matches"]
    assert (match["brand"], match["match_kind"]) == (str(brand.pk), "copy")
    assert len(match["listing_polygon"]) == 4


def test_what_an_unverified_organisation_claims_is_not_told(
    bazaar: Client, marketplace: Marketplace
) -> None:
    nobody = factories.organisation("Nobody", verified=False)
    alert = factories.alert(factories.brand(nobody), marketplace)
    told = bazaar.get(f"/api/v1/listings/{alert.listing_id}").json()
    assert (told["matches"], told["similarity"]) == ([], None)


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
def test_alerts_are_filtered_by_address(
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


def test_one_listing_costs_the_same_however_many_matches_it_has(
    bazaar: Client,
    brand: Brand,
    marketplace: Marketplace,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    alert = factories.alert(brand, marketplace)
    (image,) = alert.listing.images.all()
    for position in range(1, 4):
        factories.match(image, factories.view(factories.design(brand, f"D{position}")))
    with django_assert_max_num_queries(8):
        assert len(bazaar.get(f"/api/v1/listings/{alert.listing_id}").json()["matches"]) == 4


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


def test_pictures_keep_names_of_our_own(bazaar: Client, acme: Organisation) -> None:
    bazaar.post("/api/v1/listings", offer(images=[factories.upload(encoded(drawn()), "../x.png")]))
    (image,) = Listing.objects.get().images.all()
    assert str(image.file.name).startswith("listings/")
    assert ".." not in str(image.file.name)
