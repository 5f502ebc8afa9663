"""Calls of the API, bodies that a marketplace sends, and the content of errors."""

from typing import Any

from django.test import Client

from tests import factories
from tests.pictures import drawn, encoded

LISTINGS, BATCH, CHECKS = "/api/v1/listings", "/api/v1/listings:batch", "/api/v1/checks"
ADDRESS = "https://img.example/a.png"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def send(url: str, key: str, data: Any = None, *, by: str = "post", **headers: str) -> Any:
    """Sends JSON, or a form where pictures are in it."""
    call = getattr(Client(headers={**bearer(key), **headers}), by)
    if isinstance(data, dict) and "images" in data:
        return call(url, data)
    return call(url, data, content_type="application/json") if data else call(url)


def call(key: str, by: str, where: str, data: Any = None) -> Any:
    """Calls a path below /api/v1/ with a method's name in lower case."""
    client = Client(headers=bearer(key))
    body = {"content_type": "application/json", "data": data} if data is not None else {}
    return getattr(client, by)(f"/api/v1/{where}", **body)


def error(response: object) -> dict[str, object]:
    (only,) = response.json()["errors"]  # type: ignore[attr-defined]
    assert only["message"]
    assert only["remedy"]
    return only  # type: ignore[no-any-return]


def offer(**fields: Any) -> dict[str, Any]:
    return {
        "external_id": "offer-1",
        "seller_id": "seller-1",
        "image_urls": [ADDRESS],
    } | fields


def check(**fields: Any) -> dict[str, Any]:
    picture = factories.upload(encoded(drawn(1)))
    return {"seller_id": "seller-1", "images": [picture]} | fields
