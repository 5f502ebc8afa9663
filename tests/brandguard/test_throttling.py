"""Too many requests are told when to go on."""

from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.api import LISTINGS, send


def test_too_many_requests_are_told_when_to_go_on(key: str, settings: Settings) -> None:
    settings.REQUESTS_PER_MINUTE = 2
    answers = [send(LISTINGS, key, by="get") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["errors"][0]["code"] == "throttled"


def test_where_nothing_can_be_counted_nobody_is_turned_back(key: str, settings: Settings) -> None:
    away = {"BACKEND": "brandguard.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": away}
    assert send(LISTINGS, key, by="get").status_code == 200
    assert Client().get(reverse("account_login")).status_code == 200
    wrong = {"login": "nobody", "password": "wrong"}
    assert Client().post(reverse("account_login"), wrong).status_code == 200
