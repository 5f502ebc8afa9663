"""Rights and licences over the API, as owner, team-mate, stranger and nobody."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import ApiKey, Marketplace, Organisation
from fingerprints.models import Brand, Licence, Right
from tests import factories
from tests.api import bearer, error

pytestmark = pytest.mark.django_db
YESTERDAY = str(timezone.localdate() - timedelta(days=1))


def new_right(brand: Brand, **fields: object) -> dict[str, object]:
    return {
        "brand": str(brand.pk),
        "right_kind": "trade_mark",
        "office": "EUIPO",
        "number": "018000001",
        "territories": ["DE", "FR"],
        "valid_from": "2020-01-01",
        "document": factories.upload(factories.PDF, "certificate.pdf"),
    } | fields


def new_licence(brand: Brand, **fields: object) -> dict[str, object]:
    return {
        "brand": str(brand.pk),
        "marketplace": "Bazaar",
        "seller_id": "seller-1",
    } | fields


# --- rights -----------------------------------------------------------------------------------
def test_an_owner_submits_a_right(as_alice: Client, brand: Brand) -> None:
    design = factories.design(brand)
    fields = new_right(brand, designs=[str(design.pk)], valid_until="2040-01-01")
    response = as_alice.post("/api/v1/rights", fields)
    assert response.status_code == 201
    made = response.json()
    assert (made["state"], made["territories"]) == ("submitted", ["DE", "FR"])
    assert (made["designs"], made["valid_until"]) == ([str(design.pk)], "2040-01-01")
    assert "document" not in made


def test_a_key_submits_as_its_user(client: Client, alice: User, brand: Brand) -> None:
    key = factories.api_key(brand.organisation, alice, "designs")
    response = client.post("/api/v1/rights", new_right(brand), headers=bearer(key))
    assert response.status_code == 201
    assert Right.objects.get().submitted_by == alice


def test_a_team_mate_reads_and_does_not_claim(as_bob: Client, brand: Brand) -> None:
    right = factories.right(brand)
    for response in (
        as_bob.post("/api/v1/rights", new_right(brand)),
        as_bob.post(f"/api/v1/rights/{right.pk}/withdraw"),
    ):
        assert response.status_code == 403
        assert error(response)["code"] == "not_yours_to_claim"
    assert as_bob.get(f"/api/v1/rights/{right.pk}").json()["state"] == "verified"


def test_a_stranger_finds_no_right(as_charlie: Client, brand: Brand) -> None:
    right = factories.right(brand)
    assert as_charlie.get("/api/v1/rights").json()["results"] == []
    assert as_charlie.get(f"/api/v1/rights/{right.pk}").status_code == 404
    assert as_charlie.post(f"/api/v1/rights/{right.pk}/withdraw").status_code == 404
    assert error(as_charlie.post("/api/v1/rights", new_right(brand)))["field"] == "brand"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("right_kind", "patent"),
        ("office", ""),
        ("number", ""),
        ("territories", ["Germany"]),
        ("territories", ["*"]),
        ("valid_from", "soon"),
        ("valid_until", YESTERDAY),
        ("designs", ["00000000-0000-0000-0000-000000000000"]),
        ("document", factories.upload(b"<html>", "certificate.pdf")),
        ("document", factories.upload(b"", "certificate.pdf")),
    ],
)
def test_what_is_wrong_with_a_right_is_named(
    field: str, value: object, as_alice: Client, brand: Brand
) -> None:
    response = as_alice.post("/api/v1/rights", new_right(brand, **{field: value}))
    assert response.status_code == 400
    assert str(error(response)["field"]).startswith(field)
    assert not Right.objects.exists()


@pytest.mark.parametrize(
    "missing", ["brand", "right_kind", "office", "territories", "valid_from", "document"]
)
def test_what_is_missing_of_a_right_is_named(missing: str, as_alice: Client, brand: Brand) -> None:
    fields = new_right(brand)
    del fields[missing]
    assert error(as_alice.post("/api/v1/rights", fields))["field"] == missing


def test_a_right_is_withdrawn_once(as_alice: Client, brand: Brand) -> None:
    path = f"/api/v1/rights/{factories.right(brand).pk}/withdraw"
    first = as_alice.post(path).json()
    assert first["state"] == "withdrawn"
    assert as_alice.post(path).json()["withdrawn_at"] == first["withdrawn_at"]


def test_a_right_that_is_there_already_is_a_conflict(as_alice: Client, brand: Brand) -> None:
    as_alice.post("/api/v1/rights", new_right(brand))
    response = as_alice.post("/api/v1/rights", new_right(brand))
    assert response.status_code == 409
    assert error(response)["code"] == "right_already_submitted"


# --- licences ---------------------------------------------------------------------------------
def test_an_owner_grants_a_licence(
    as_alice: Client, brand: Brand, marketplace: Marketplace
) -> None:
    response = as_alice.post("/api/v1/licences", new_licence(brand))
    assert response.status_code == 201
    made = response.json()
    assert (made["marketplace"], made["design"]) == ("Bazaar", None)
    assert made["valid_from"] == str(timezone.localdate())


def test_a_team_mate_reads_and_does_not_license(
    as_bob: Client, brand: Brand, marketplace: Marketplace
) -> None:
    licence = factories.licence(brand, marketplace)
    for response in (
        as_bob.post("/api/v1/licences", new_licence(brand, seller_id="seller-2")),
        as_bob.post(f"/api/v1/licences/{licence.pk}/revoke"),
    ):
        assert response.status_code == 403
    assert as_bob.get(f"/api/v1/licences/{licence.pk}").json()["revoked_at"] is None


def test_a_stranger_finds_no_licence(
    as_charlie: Client, brand: Brand, marketplace: Marketplace
) -> None:
    licence = factories.licence(brand, marketplace)
    assert as_charlie.get("/api/v1/licences").json()["results"] == []
    assert as_charlie.get(f"/api/v1/licences/{licence.pk}").status_code == 404
    assert as_charlie.post(f"/api/v1/licences/{licence.pk}/revoke").status_code == 404
    assert error(as_charlie.post("/api/v1/licences", new_licence(brand)))["field"] == "brand"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("marketplace", "Acme"),
        ("seller_id", ""),
        ("valid_until", YESTERDAY),
        ("design", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_what_is_wrong_with_a_licence_is_named(
    field: str, value: object, as_alice: Client, brand: Brand, marketplace: Marketplace
) -> None:
    response = as_alice.post("/api/v1/licences", new_licence(brand, **{field: value}))
    assert response.status_code == 400
    assert error(response)["field"] == field


def test_a_licence_is_revoked_once(
    as_alice: Client, brand: Brand, marketplace: Marketplace
) -> None:
    licence = factories.licence(brand, marketplace)
    assert as_alice.post("/api/v1/licences", new_licence(brand)).status_code == 409
    path = f"/api/v1/licences/{licence.pk}/revoke"
    first = as_alice.post(path).json()["revoked_at"]
    assert first
    assert as_alice.post(path).json()["revoked_at"] == first
    assert Licence.objects.filter(revoked_at=None).count() == 0


# --- both -------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["rights", "licences"])
def test_a_key_needs_to_be_in_force_and_in_scope(
    path: str, client: Client, alice: User, acme: Organisation
) -> None:
    address = f"/api/v1/{path}"
    assert client.get(address).status_code == 401
    other = factories.api_key(acme, alice, "listings")
    assert client.get(address, headers=bearer(other)).status_code == 403
    assert client.post(address, headers=bearer(other)).status_code == 403
    key = factories.api_key(acme, alice, "designs")
    assert client.get(address, headers=bearer(key)).status_code == 200
    ApiKey.objects.get(scope="designs").revoke(timezone.now())
    assert client.get(address, headers=bearer(key)).status_code == 401


def test_a_list_costs_the_same_however_long_it_is(
    as_alice: Client,
    brand: Brand,
    marketplace: Marketplace,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(3):
        factories.right(brand, designs=[factories.design(brand)])
        factories.licence(brand, marketplace, seller_id=f"seller-{number}")
    for path, queries in (("rights", 4), ("licences", 3)):  # session, user, rows; their designs
        with django_assert_num_queries(queries):
            assert len(as_alice.get(f"/api/v1/{path}").json()["results"]) == 3


def test_lists_are_filtered(as_alice: Client, brand: Brand, marketplace: Marketplace) -> None:
    kept = factories.right(brand)
    factories.right(brand, verified=False)
    found = as_alice.get("/api/v1/rights", {"state": "verified"}).json()["results"]
    assert [row["id"] for row in found] == [str(kept.pk)]
    factories.licence(brand, marketplace)
    assert not as_alice.get("/api/v1/licences", {"seller_id": "seller-2"}).json()["results"]
