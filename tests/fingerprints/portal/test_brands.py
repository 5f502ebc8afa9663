"""Brands on their pages."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, Organisation
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db


def test_brands_are_listed_for_the_team_only(
    brand: Brand, as_bob: Client, as_charlie: Client
) -> None:
    assert "Fizz" in as_bob.get(reverse("brands")).text
    assert "Fizz" not in as_charlie.get(reverse("brands")).text


def test_a_brand_is_made(as_alice: Client, alice: User, acme: Organisation) -> None:
    given = {"name": "Fizz", "review_threshold": "90", "block_threshold": "95"}
    response = as_alice.post(reverse("new-brand"), given)
    brand = Brand.objects.get()
    assert response.headers["Location"] == reverse("brand", args=[brand.pk])
    assert (brand.organisation, brand.review_threshold, brand.block_threshold) == (acme, 90, 95)
    assert not brand.blocks_without_review
    assert AuditEvent.objects.filter(action="brand.created", actor=alice.username).exists()


@pytest.mark.parametrize(
    ("name", "threshold", "said"),
    [
        ("Fizz", "85", "already has a brand"),
        ("", "85", "This field is required"),
        ("Pop", "69", "greater than or equal to 70"),
        ("Pop", "101", "less than or equal to 100"),
        ("Pop", "98", "cannot be blocked from a similarity of 97"),
    ],
)
def test_a_brand_is_refused_beside_its_field(
    name: str, threshold: str, said: str, brand: Brand, as_alice: Client
) -> None:
    given = {"name": name, "review_threshold": threshold, "block_threshold": 97}
    response = as_alice.post(reverse("new-brand"), given)
    assert response.status_code == 422
    assert said in response.text
    assert Brand.objects.count() == 1


def test_a_member_of_two_organisations_chooses_one(as_alice: Client, alice: User) -> None:
    other = factories.organisation("Another")
    other.memberships.create(user=alice)
    stranger = factories.organisation("Stranger")
    given = {"name": "Fizz", "review_threshold": 85, "block_threshold": 97}
    page = reverse("new-brand")
    assert as_alice.post(page, given | {"organisation": stranger.pk}).status_code == 422
    as_alice.post(page, given | {"organisation": other.pk})
    assert Brand.objects.get().organisation == other


def test_a_brand_is_changed(brand: Brand, as_bob: Client) -> None:
    page = reverse("edit-brand", args=[brand.pk])
    given = {"name": "Fizz Zero", "review_threshold": 75, "block_threshold": 99}
    as_bob.post(page, given | {"blocks_without_review": "on"})
    brand.refresh_from_db()
    assert (brand.name, brand.review_threshold, brand.block_threshold) == ("Fizz Zero", 75, 99)
    assert (
        "certain copies are blocked from 99" in as_bob.get(reverse("brand", args=[brand.pk])).text
    )


def test_an_unverified_organisation_is_told_what_that_means() -> None:
    young = factories.organisation("Young", verified=False)
    client = factories.signed_in(factories.member(young, "yara"))
    brand = factories.brand(young)
    assert "Young is not verified yet" in client.get(reverse("brands")).text
    shown = client.get(reverse("brand", args=[brand.pk])).text
    assert "Organisation not verified yet" in shown


def test_lists_take_the_same_queries_however_long(
    brand: Brand, as_alice: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bazaar = factories.marketplace()

    def fill() -> None:
        for _ in range(3):
            design = factories.design(brand)
            factories.view(design)
            factories.right(brand, designs=[design])
            factories.licence(brand, bazaar, design=design)

    for page, queries in ((reverse("brands"), 11), (reverse("brand", args=[brand.pk]), 16)):
        fill()
        with django_assert_num_queries(queries):
            as_alice.get(page)
        fill()
        factories.brand(brand.organisation, f"Brand {queries}{page}")
        with django_assert_num_queries(queries):
            as_alice.get(page)


@pytest.mark.parametrize("name", ["show", "before", "licences"])
def test_a_nul_in_a_url_or_a_form_reaches_no_database(
    name: str, brand: Brand, as_alice: Client
) -> None:
    page = reverse("brand", args=[brand.pk])
    assert as_alice.get(page, {name: "a\0b"}).status_code == 400
    assert as_alice.post(reverse("edit-brand", args=[brand.pk]), {name: "\0"}).status_code == 400


def test_designs_are_paged_by_key(brand: Brand, as_alice: Client) -> None:
    for number in range(27):
        factories.design(brand, f"Design {number:02}")
    page = reverse("brand", args=[brand.pk])
    first = as_alice.get(page).text
    assert "Design 26" in first
    assert "Design 01" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = as_alice.get(page + older[1]).text
    assert "Design 01" in second
    assert "Design 02" not in second
    assert "Design 26" in as_alice.get(f"{page}?before=nonsense").text


def test_names_are_shown_as_text(brand: Brand, as_alice: Client) -> None:
    Brand.objects.update(name="<script>alert(1)</script>")
    assert "<script>alert" not in as_alice.get(reverse("brand", args=[brand.pk])).text
