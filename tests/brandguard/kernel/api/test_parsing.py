"""Bodies that cannot be read, or are beyond the limits, are refused with the reason."""

import json

import pytest
from django.conf import settings as configured
from django.test import Client

from brandguard.kernel.api import parsing
from tests.brandguard.kernel.api.scenes import posted, refusal

pytestmark = pytest.mark.django_db


BODIES: dict[str, tuple[bytes | str, str]] = {
    "deep lists": ("[" * 100_000, "nested"),
    "deep objects": ('{"a":' * 100_000, "nested"),
    "just too deep": ("[" * 17 + "]" * 17, "nested"),
    "a name twice": ('{"listings": [], "listings": [1]}', "listings occurs more than once"),
    "a name twice within": ('{"listings": [{"price": 1, "price": 2}]}', "price occurs"),
    "no number": ('{"listings": [NaN]}', "NaN is not a number"),
    "without end": ('{"listings": [1e999]}', "1e999 is not a number"),
    "of 5,000 digits": ('{"listings": [%s]}' % ("9" * 5000), "too many digits"),
    "another encoding": (b'{"listings": "\xff"}', "not UTF-8"),
    "half a pair": ('{"\\ud800": 1}', "not UTF-8"),
    "no JSON": ('{"listings": ', "not JSON"),
    "quotes without end": ('"' + '\\"' * 100_000, "not JSON"),
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
