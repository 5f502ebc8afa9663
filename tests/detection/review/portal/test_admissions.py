"""Whom a marketplace admits: its owners and the operator's staff say so on a page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Marketplace
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_bella(marketplace: Marketplace) -> Client:
    return factories.signed_in(factories.member(marketplace.organisation, "bella", role="owner"))


def test_an_owner_of_the_marketplace_admits_and_ends_it(
    brand: Brand, marketplace: Marketplace, as_bella: Client
) -> None:
    marketplace.admits.clear()
    page = reverse("admissions-of", args=[marketplace.pk])
    both = [marketplace.pk, brand.organisation_id]
    assert as_bella.get(reverse("admissions")).headers["Location"] == page
    assert reverse("admit", args=both) in as_bella.get(page).text
    assert "No brand owner is admitted" in as_bella.get(page).text
    assert "Bazaar now admits Acme." in as_bella.post(reverse("admit", args=both), follow=True).text
    factories.alert(brand, marketplace)
    end = reverse("end-admission", args=both)
    assert "1 listing held" in as_bella.get(end).text
    assert "no longer admits Acme" in as_bella.post(end, follow=True).text
    assert not marketplace.admits.exists()


def test_nobody_else_finds_the_page(
    brand: Brand, marketplace: Marketplace, as_alice: Client, as_rita: Client
) -> None:
    member = factories.signed_in(factories.member(marketplace.organisation, "mia"))
    both = [marketplace.pk, brand.organisation_id]
    for client in (as_alice, as_rita, member):
        assert client.get(reverse("admissions")).status_code == 404
        assert client.get(reverse("admissions-of", args=[marketplace.pk])).status_code == 404
        assert client.post(reverse("admit", args=both)).status_code == 404
        assert client.post(reverse("end-admission", args=both)).status_code == 404
    assert marketplace.admits.exists()


def test_an_owner_chooses_what_listings_get_that_lack_pictures(
    marketplace: Marketplace, as_bella: Client, as_alice: Client
) -> None:
    now = timezone.now()
    held = factories.listing(
        marketplace, state="matched", verdict="hold", matched_at=now,
        pictures_not_looked_at=1, incomplete_as="hold",
    )  # fmt: skip
    error = {"code": "x", "message": "It is damaged.", "remedy": "Send the whole file again."}
    factories.listing_image(held, state="refused", error=error, preview="", name="broken.png")
    choose = reverse("choose-incomplete", args=[marketplace.pk])
    text = as_bella.get(reverse("admissions-of", args=[marketplace.pk])).text
    assert "1 picture was not examined" in text
    assert "broken.png: It is damaged." in text
    assert as_alice.post(choose, {"incomplete_listings": "allow"}).status_code == 404
    assert as_bella.post(choose, {"incomplete_listings": "often"}).status_code == 400
    answer = as_bella.post(choose, {"incomplete_listings": "allow"}, follow=True)
    assert "Saved. Current listings are updated within a minute." in answer.text
    marketplace.refresh_from_db()
    assert marketplace.incomplete_listings == "allow"


def test_staff_chooses_the_marketplace(marketplace: Marketplace) -> None:
    factories.marketplace("Souk")
    text = factories.signed_in(factories.staff()).get(reverse("admissions")).text
    assert "Bazaar" in text
    assert "Souk" in text


def test_brand_owners_are_found_by_name_verified_ones_first(
    marketplace: Marketplace, as_bella: Client
) -> None:
    factories.brand(factories.organisation("Aardvark", verified=False), "A")
    factories.brand(factories.organisation("Zebra"), "Z")
    page = reverse("admissions-of", args=[marketplace.pk])
    text = as_bella.get(page).text
    assert text.index("Zebra") < text.index("Aardvark")
    assert "Zebra" not in as_bella.get(f"{page}?name=aard").text


def test_the_page_takes_the_same_queries_however_many_there_are(
    marketplace: Marketplace, as_bella: Client
) -> None:
    def fill(*names: str) -> None:
        for name in names:
            factories.brand(factories.organisation(name), name)
            admitted = factories.brand(factories.organisation(f"{name} & Co"), name)
            marketplace.admits.add(admitted.organisation)

    page = reverse("admissions-of", args=[marketplace.pk])
    fill("One")
    with CaptureQueriesContext(connection) as few:
        as_bella.get(page)
    fill("Two", "Three")
    with CaptureQueriesContext(connection) as many:
        as_bella.get(page)
    assert len(many) == len(few)
