"""Nothing is called protected before organisation, right and marketplace all say so."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Marketplace, Organisation
from fingerprints.gates import gates_of
from fingerprints.models import Brand, Design
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def design(brand: Brand) -> Design:
    design = factories.design(brand)
    factories.view(design)
    return design


def pages(design: Design) -> list[str]:
    return [
        reverse("start"),
        reverse("brand", args=[design.brand_id]),
        reverse("design", args=[design.pk]),
        reverse("brands"),
    ]


@pytest.mark.parametrize("shut", ["organisation", "right", "marketplace"])
def test_with_one_gate_shut_no_page_says_protected(
    shut: str, design: Design, marketplace: Marketplace, as_alice: Client
) -> None:
    factories.right(design.brand, verified=shut != "right")
    if shut == "organisation":
        Organisation.objects.filter(name="Acme").update(verified_at=None, verified_by=None)
    if shut == "marketplace":
        marketplace.admits.clear()
    for page in pages(design):
        text = as_alice.get(page).text
        assert "Not protected yet" in text, page
        assert "Protected" not in text, page


def test_a_brand_without_a_design_that_its_right_speaks_of_is_not_called_protected(
    brand: Brand, marketplace: Marketplace, as_alice: Client
) -> None:
    named = factories.design(brand, "Lamp")
    factories.right(brand, designs=[named])
    factories.view(factories.design(brand))
    page = reverse("brand", args=[brand.pk])
    assert "No enrolled design" in as_alice.get(page).text
    assert not gates_of(brand).are_open
    factories.view(named)
    assert "Protected on Bazaar" in as_alice.get(page).text


def test_with_all_open_every_page_says_where(
    design: Design, marketplace: Marketplace, as_alice: Client
) -> None:
    factories.right(design.brand)
    factories.marketplace("Souk")
    for page in pages(design):
        text = as_alice.get(page).text
        assert "Protected" in text, page
        assert "Bazaar" in text, page
        assert "Not protected yet" not in text, page
    assert "Not admitted by Souk yet" in as_alice.get(pages(design)[0]).text


def test_a_right_that_is_limited_to_another_design_protects_that_one_alone(
    design: Design, marketplace: Marketplace
) -> None:
    other = factories.design(design.brand, "Can")
    factories.view(other)
    factories.right(design.brand, designs=[other])
    brand = Brand.objects.get(pk=design.brand_id)
    assert not gates_of(brand, design).are_open
    assert gates_of(brand, other).are_open
    assert gates_of(brand).admitted_by == [marketplace.name]
