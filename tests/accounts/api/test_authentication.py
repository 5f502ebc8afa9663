"""Whom a key lets in."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, Marketplace, Organisation
from tests import factories
from tests.api import LISTINGS, bearer, error, send

pytestmark = pytest.mark.django_db


def test_the_last_use_of_a_key_is_noted_to_the_minute(marketplace: Marketplace, key: str) -> None:
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    send(LISTINGS, key, by="get")
    noted = ApiKey.objects.get().last_used_at
    send(LISTINGS, key, by="get")
    assert noted
    assert timezone.now() - noted < timedelta(minutes=1)
    assert ApiKey.objects.get().last_used_at == noted


@pytest.mark.parametrize("path", ["brands", "designs", "listings", "alerts"])
def test_without_a_key_there_is_a_401_that_says_what_to_send(client: Client, path: str) -> None:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 401
    assert "Authorization: Bearer" in str(error(response)["remedy"])


def test_a_revoked_key_is_refused(client: Client, alice: User, acme: Organisation) -> None:
    key = factories.api_key(acme, alice, "designs")
    ApiKey.objects.get().revoke(timezone.now())
    assert client.get("/api/v1/brands", headers=bearer(key)).status_code == 401


@pytest.mark.parametrize("key", ["", "bg_", "bg_0_0", "nonsense", "bg_00000000_wrong"])
def test_a_key_that_was_never_made_is_refused(client: Client, key: str) -> None:
    assert client.get("/api/v1/brands", headers=bearer(key)).status_code == 401


def test_a_guessed_secret_is_refused(client: Client, alice: User, acme: Organisation) -> None:
    key = factories.api_key(acme, alice, "designs")
    assert client.get("/api/v1/brands", headers=bearer(key[:-1])).status_code == 401
