"""Nothing in the cache is worth failing a request for: what goes on while its server is away."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _away(settings: Settings) -> None:
    nobody = {"BACKEND": "brandguard.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": nobody}


def test_nothing_is_found_and_nothing_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    cache.set("name", "value")
    assert cache.get("name", "otherwise") == "otherwise"
    assert cache.delete("name") is False
    assert "The cache is away" in caplog.text


@pytest.mark.django_db
def test_a_code_of_the_second_factor_signs_in(alice: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    client = Client()
    given = {"login": alice.username, "password": "correct horse battery"}
    client.post(reverse("account_login"), given)
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert answer.headers.get("Location") == reverse("home")
