"""A body sent, and the one form in which it is refused."""

from typing import Any

from django.test import Client

BATCH = "/api/v1/listings:batch"


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
