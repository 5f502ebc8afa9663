"""Whatever fails under /api/ is answered in the one form of its errors."""

import json
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.brandguard.kernel.api.scenes import posted, refusal

pytestmark = pytest.mark.django_db


def test_what_fails_here_has_a_request_id_for_the_operator(
    client: Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("detection.review.api.listings.ingest_listing", fail)
    listing = {"external_id": "o", "seller_id": "s", "image_urls": ["https://img.example/a"]}
    error = refusal(posted(client, key, json.dumps({"listings": [listing]})), 500)
    assert error["code"] == "unexpected"
    assert "ZeroDivisionError" not in error["message"]


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2/listings", "/api/v1/nowhere"])
def test_a_url_that_leads_nowhere(client: Client, path: str) -> None:
    assert refusal(client.get(path), 404)["code"] == "not_found"


def test_a_host_that_is_not_ours(client: Client) -> None:
    answer = client.get("/api/v1/listings", headers={"Host": "elsewhere.example"})
    assert refusal(answer, 400)["code"] == "bad_request"


def test_a_session_without_its_token(client: Client) -> None:
    client.force_login(factories.staff())
    answer = client.post("/api/v1/brands", {"name": "Fizz"})
    assert refusal(answer, 403)["code"] == "permission_denied"


def test_a_portal_page_that_is_not_there_stays_a_page(client: Client) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
