"""Listings that bring their pictures in a form, and what is told of them."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Marketplace, Organisation
from detection.intake.models import Listing
from detection.matching.actions.match_listing import match_listing
from fingerprints.models import Brand
from tests import bad_pictures, factories
from tests.matchers import matcher
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.django_db


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
    assert match["further_polygons"] == []


def test_a_match_tells_every_place_of_the_picture(
    bazaar: Client, brand: Brand, marketplace: Marketplace
) -> None:
    beside = [[0.7, 0.1], [0.9, 0.1], [0.9, 0.8]]
    alert = factories.alert(brand, marketplace, further_polygons=[beside])
    (match,) = bazaar.get(f"/api/v1/listings/{alert.listing_id}").json()["matches"]
    assert match["further_polygons"] == [beside]


def test_what_an_unverified_organisation_claims_is_not_told(
    bazaar: Client, marketplace: Marketplace
) -> None:
    nobody = factories.organisation("Nobody", verified=False)
    alert = factories.alert(factories.brand(nobody), marketplace)
    told = bazaar.get(f"/api/v1/listings/{alert.listing_id}").json()
    assert (told["matches"], told["similarity"]) == ([], None)


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


def test_pictures_keep_names_of_our_own(bazaar: Client, acme: Organisation) -> None:
    bazaar.post("/api/v1/listings", offer(images=[factories.upload(encoded(drawn()), "../x.png")]))
    (image,) = Listing.objects.get().images.all()
    assert str(image.file.name).startswith("listings/")
    assert ".." not in str(image.file.name)
