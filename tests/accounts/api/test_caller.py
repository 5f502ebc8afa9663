"""A key acts for its own organisation alone."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts.models import Organisation
from fingerprints.models import Brand
from tests import factories
from tests.api import bearer, error

pytestmark = pytest.mark.django_db


def test_a_key_acts_for_its_own_organisation_alone(
    client: Client, alice: User, acme: Organisation, brand: Brand
) -> None:
    other = factories.organisation("Other")
    other.memberships.create(user=alice)
    theirs = factories.brand(other)
    key = factories.api_key(acme, alice, "designs")
    found = client.get("/api/v1/brands", headers=bearer(key)).json()["results"]
    assert [row["id"] for row in found] == [str(brand.pk)]
    path = f"/api/v1/brands/{theirs.pk}"
    assert client.get(path, headers=bearer(key)).status_code == 404


def test_a_key_makes_no_brand_in_another_organisation_of_its_user(
    client: Client, alice: User, acme: Organisation
) -> None:
    other = factories.organisation("Other")
    other.memberships.create(user=alice)
    fields = {"name": "A", "organisation": str(other.pk)}
    key = factories.api_key(acme, alice, "designs")
    response = client.post("/api/v1/brands", fields, headers=bearer(key))
    assert error(response)["field"] == "organisation"
