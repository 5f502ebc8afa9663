"""Every URL that takes a body refuses what it does not know, and every refusal says what to send."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Marketplace
from brandguard.kernel.api.errors import MAX_SAID
from detection.delivery.actions.webhooks import add_endpoint
from fingerprints.models import Brand
from tests import factories
from tests.contracts import GENERIC

pytestmark = pytest.mark.django_db
SCHEMA: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
JSON: dict[str, Any] = {"content_type": "application/json"}
WRITES = [
    (method, path, content)
    for path, operations in SCHEMA["paths"].items()
    for method, operation in operations.items()
    if method != "get"
    for content in operation.get("requestBody", {}).get("content", {JSON["content_type"]: None})
    if content != "application/x-www-form-urlencoded"
]
FORMS = [write for write in WRITES if write[0] == "post" and "form-data" in write[2]]
# Of every shape: none of them is what any field takes.
WRONG: list[Any] = [{"a": {"b": 1}}, "no\0thing", [[]], 10**400, "x" * 3000, None, "", True, "2020"]
# Where the body is read before its row is looked for.
READ_FIRST = ("appeals", "designs", "rights", "licences", "deliveries", "replays")


@pytest.fixture
def rows(marketplace: Marketplace, brand: Brand) -> dict[str, str]:
    """One behind each URL that names a row."""
    alert = factories.alert(brand, marketplace)
    hook = add_endpoint(
        marketplace=marketplace, url="https://93.184.216.34/hooks", by=factories.staff()
    )
    return {
        "brands": str(brand.pk),
        "listings": str(alert.listing_id),
        "alerts": str(alert.pk),
        "webhooks": str(hook.pk),
    } | dict.fromkeys(READ_FIRST, str(alert.pk))


def fields_of(write: Any) -> dict[str, Any]:
    method, path, content = write
    told = SCHEMA["paths"][path][method].get("requestBody")
    if told is None:
        return {}
    name = told["content"][content]["schema"]["$ref"].rpartition("/")[2]
    return dict(SCHEMA["components"]["schemas"][name]["properties"])


def sent(keys: dict[str, str], rows: dict[str, str], write: Any, body: dict[str, Any]) -> list[Any]:
    """The errors of the answer."""
    method, path, content = write
    kind = path.split("/")[3]
    scope = {"alerts": "alerts", "appeals": "alerts"}.get(kind, "listings")
    scope = "designs" if kind in {"brands", "designs", "rights", "licences"} else scope
    answer = getattr(Client(), method)(
        path.format(id=rows.get(kind, "")),
        body,
        headers={"Authorization": f"Bearer {keys[scope]}"},
        **({} if content == "multipart/form-data" and method == "post" else JSON),
    )
    assert answer.status_code == 400, answer.content
    return list(answer.json()["errors"])


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
def test_an_unknown_field_is_refused_by_name(
    write: Any, keys: dict[str, str], rows: dict[str, str]
) -> None:
    errors = sent(keys, rows, write, {"no_such_field": "1", "message": "1"})
    told = {e["field"]: e["code"] for e in errors}
    assert told["no_such_field"] == told["message"] == "unknown_field"


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
def test_every_remedy_says_what_to_send(
    write: Any, keys: dict[str, str], rows: dict[str, str]
) -> None:
    known = fields_of(write)
    json = write[2] == "application/json"
    for wrong in WRONG if json else ["no\0thing", "x" * 3000, ""]:
        for error in sent(keys, rows, write, dict.fromkeys(known, wrong) | {"nothing": 1}):
            assert error["remedy"] not in GENERIC, (error, wrong)
            assert "API page" not in error["remedy"]
            assert len(error["message"]) <= MAX_SAID


def test_they_are_all_asked() -> None:
    assert len({path for _, path, _ in WRITES}) >= 22
    assert len([write for write in WRITES if not fields_of(write)]) >= 11


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
def test_a_field_with_a_bracket_is_no_other_field(
    write: Any, keys: dict[str, str], rows: dict[str, str]
) -> None:
    names = [f"{name}[eur]" for name in [*fields_of(write), "csrfmiddlewaretoken"]]
    names += [] if write in FORMS else ["csrfmiddlewaretoken"]
    told = {e["field"]: e["code"] for e in sent(keys, rows, write, dict.fromkeys(names, "1"))}
    assert {told[name] for name in names} == {"unknown_field"}


@pytest.mark.parametrize("write", FORMS, ids=" ".join)
def test_what_is_no_list_is_sent_once_in_a_form(
    write: Any, keys: dict[str, str], rows: dict[str, str]
) -> None:
    single = {name for name, field in fields_of(write).items() if field.get("type") != "array"}
    told = sent(keys, rows, write, {name: ["1", "2"] for name in single} | {"x": "1"})
    assert {e["field"] for e in told if e["code"] == "repeated"} == single


def test_a_list_of_a_form_is_sent_whole_or_by_places(keys: dict[str, str]) -> None:
    def told(**body: Any) -> set[str]:
        key = {"Authorization": f"Bearer {keys['listings']}"}
        answer = Client().post("/api/v1/listings", {"external_id": "o"} | body, headers=key)
        return {e["field"] for e in answer.json()["errors"]}

    needed = {"seller_id"}
    assert told(territories=["DE", "FR"]) == needed
    assert told(**{"territories[0]": "DE", "territories[1]": "FR"}) == needed
    assert told(**{"territories[0]": ["DE", "FR"]}) == needed | {"territories[0]"}
    assert told(**{"territories[0]": "DE", "territories": ["FR"]}) == needed | {"territories[0]"}


@pytest.mark.parametrize(
    ("key", "status"), [(None, 202), ("", 202), ("mine", 202), ([], 400), ({}, 400), (True, 400)]
)
def test_a_key_of_a_batch_s_item_is_text_or_null(
    key: Any, status: int, keys: dict[str, str]
) -> None:
    item = {"external_id": "o", "seller_id": "s", "image_urls": ["https://img.example/a"]}
    items = [item | {"external_id": str(n), "idempotency_key": key} for n in range(2)]
    answer = Client().post(
        "/api/v1/listings:batch",
        {"listings": items if key is None else items[:1]},
        headers={"Authorization": f"Bearer {keys['listings']}"},
        **JSON,
    )
    for shown in answer.json()["listings"]:
        assert shown["status"] == status
        assert [e["field"] for e in shown.get("errors", [])] == ["idempotency_key"] * (
            status == 400
        )


def test_what_was_sent_is_repeated_in_short(keys: dict[str, str]) -> None:
    answer = Client().post(
        "/api/v1/checks",
        {"currency": "x" * 100_000, "territories": ["y" * 90], "url": "z" * 100_000},
        headers={"Authorization": f"Bearer {keys['listings']}"},
        **JSON,
    )
    assert {e["field"] for e in answer.json()["errors"]} >= {"currency", "territories", "url"}
    assert len(answer.content) < 10_000


@pytest.mark.parametrize(
    ("sent_name", "remedy"),
    [
        ("price_eur", "Send price if you mean that."),
        ("image_adresses", "Send image_urls if you mean that."),
        ("zzz", "Leave it out. The fields here are category, currency"),
    ],
)
def test_the_nearest_field_is_named_in_a_batch_too(
    sent_name: str, remedy: str, keys: dict[str, str]
) -> None:
    item = {"external_id": "o", "seller_id": "s", "image_urls": ["https://img.example/a"]}
    answer = Client().post(
        "/api/v1/listings:batch",
        {"listings": [item, item | {sent_name: 1}]},
        headers={"Authorization": f"Bearer {keys['listings']}"},
        **JSON,
    )
    first, second = answer.json()["listings"]
    assert (first["status"], second["status"]) == (202, 400)
    assert second["errors"][0]["field"] == sent_name
    assert second["errors"][0]["remedy"].startswith(remedy)


def test_what_the_service_sets_cannot_be_sent(keys: dict[str, str], brand: Brand) -> None:
    answer = Client().patch(
        f"/api/v1/brands/{brand.pk}",
        {"created_at": "2020-01-01T00:00:00Z"},
        headers={"Authorization": f"Bearer {keys['designs']}"},
        **JSON,
    )
    assert answer.json()["errors"][0]["remedy"] == "Leave it out: the service sets it."


def test_a_brand_does_not_move(keys: dict[str, str], brand: Brand, alice: User) -> None:
    elsewhere = factories.organisation("Elsewhere")
    factories.member(elsewhere, "x")
    elsewhere.memberships.create(user=alice, role="owner")
    answer = factories.signed_in(alice).patch(
        f"/api/v1/brands/{brand.pk}", {"organisation": str(elsewhere.pk)}, **JSON
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "organisation"
