"""A key does only what its scope allows."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts.models import Organisation
from tests import factories
from tests.api import bearer, error

pytestmark = pytest.mark.django_db


def test_a_key_does_only_what_its_scope_allows(
    client: Client, alice: User, acme: Organisation
) -> None:
    key = factories.api_key(acme, alice, "listings")
    response = client.get("/api/v1/brands", headers=bearer(key))
    assert response.status_code == 403
    assert "scope" in str(error(response)["message"])
