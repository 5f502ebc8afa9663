"""Whatever fails under /api/ is answered in the one form of its errors, with the request's id."""

import json
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from brandguard.kernel.api import parsing
from tests import factories

pytestmark = pytest.mark.django_db
BATCH = "/api/v1/listings:batch"


@pytest.fixture
def client() -> Client:
    """As a server answers: what is raised becomes an answer."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def refusal(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert body["request_id"] == answer["X-Request-ID"] != ""
    (error,) = body["errors"]
    assert error["message"]
    assert error["remedy"]
    return dict(error)


def posted(client: Client, key: str, body: bytes | str) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return client.post(BATCH, body, content_type="application/json", headers=headers)


BODIES: dict[str, tuple[bytes | str, str]] = {
    "deep lists": ("[" * 100_000, "nested"),
    "deep objects": ('{"a":' * 100_000, "nested"),
    "just too deep": ("[" * 17 + "]" * 17, "nested"),
    "a name twice": ('{"listings": [], "listings": [1]}', "listings is there more than once"),
    "a name twice within": ('{"listings": [{"price": 1, "price": 2}]}', "price is there"),
    "no number": ('{"listings": [NaN]}', "NaN is no number"),
    "without end": ('{"listings": [1e999]}', "1e999 is no number"),
    "of 5,000 digits": ('{"listings": [%s]}' % ("9" * 5000), "too many digits"),
    "another encoding": (b'{"listings": "\xff"}', "not UTF-8"),
    "half a pair": ('{"\\ud800": 1}', "not UTF-8"),
    "no JSON": ('{"listings": ', "no JSON"),
    "quotes without end": ('"' + '\\"' * 100_000, "no JSON"),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_cannot_be_read_is_refused_with_its_reason(
    client: Client, key: str, body: str
) -> None:
    sent, said = BODIES[body]
    error = refusal(posted(client, key, sent), 400)
    assert error["code"] == "parse_error"
    assert said in error["message"]


def test_a_name_that_came_twice_is_the_field(client: Client, key: str) -> None:
    assert refusal(posted(client, key, '{"a": 1, "a": 2}'), 400)["field"] == "a"


def test_brackets_within_a_string_are_not_depth(client: Client, key: str) -> None:
    listing = {"external_id": '\\"' + "[{" * 50, "seller_id": "s", "image_urls": []}
    answer = posted(client, key, json.dumps({"listings": [listing]}))
    assert answer.json()["listings"][0]["errors"][0]["field"] == "images"


def test_a_body_beyond_the_limit_is_refused(client: Client, key: str) -> None:
    body = "[" + " " * configured.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert refusal(posted(client, key, body), 413)["code"] == "too_large"


def test_files_beyond_the_limit_are_refused(
    client: Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "MAX_MULTIPART_BYTES", 1000)
    headers = {"Authorization": f"Bearer {key}"}
    sent = {"external_id": "o", "seller_id": "s", "title": "x" * 1000}
    answer = client.post("/api/v1/listings", sent, headers=headers)
    assert refusal(answer, 413)["code"] == "too_large"


def test_too_many_fields_are_refused(client: Client, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    answer = client.post("/api/v1/checks", {f"f{n}": "1" for n in range(1001)}, headers=headers)
    assert refusal(answer, 413)["code"] == "too_large"


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
def test_an_address_that_leads_nowhere(client: Client, path: str) -> None:
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
