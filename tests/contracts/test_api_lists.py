"""Every list of the API goes on at its next page, and refuses parameters that it does not understand."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Marketplace
from detection.delivery.actions.webhooks import add_endpoint
from detection.delivery.models import Delivery, Event, EventType, Replay
from detection.review.models import Appeal
from fingerprints.models import Brand
from tests import factories
from tests.contracts import GENERIC

pytestmark = pytest.mark.django_db
SCHEMA: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
QUERIES = {
    path: [one["name"] for one in operations["get"]["parameters"] if one["in"] == "query"]
    for path, operations in SCHEMA["paths"].items()
    if any(one["in"] == "query" for one in operations.get("get", {}).get("parameters", []))
}
PAGED = [path for path, names in QUERIES.items() if "cursor" in names]
WRONG = ("no\0thing", "x" * 3000)


@pytest.fixture
def two_of_each(marketplace: Marketplace, brand: Brand) -> None:
    now = timezone.now()
    factories.brand(brand.organisation, "Buzz")
    for number in range(2):
        alert = factories.alert(brand, marketplace)
        factories.right(brand)
        factories.licence(brand, marketplace, seller_id=f"seller-{number}")
        Appeal.objects.create(
            listing=alert.listing,
            brand=brand,
            ground="other",
            submitted_at=now,
            due_at=now + timedelta(days=1 + number),
        )
        hook = add_endpoint(
            marketplace=marketplace, url="https://93.184.216.34/hooks", by=factories.staff()
        )
        Replay.objects.create(endpoint=hook, after=0, until=1, cursor=0, total=1)
        event = Event.objects.record(
            marketplace=marketplace, event_type=EventType.TEST_PING, sandbox=False, payload={}
        )
        Delivery.objects.create(event=event, endpoint=hook, next_attempt_at=now)


def asked(keys: dict[str, str], path: str, query: dict[str, Any]) -> Any:
    kind = path.split("/")[3]
    scope = {"alerts": "alerts", "appeals": "alerts"}.get(kind, "listings")
    scope = "designs" if kind in {"brands", "designs", "rights", "licences"} else scope
    return Client().get(path, query, headers={"Authorization": f"Bearer {keys[scope]}"})


@pytest.mark.usefixtures("two_of_each")
@pytest.mark.parametrize("path", PAGED)
def test_the_second_page_is_what_the_first_one_left(path: str, keys: dict[str, str]) -> None:
    first = asked(keys, path, {"page_size": 1}).json()
    answer = Client().get(first["next"], headers=headers(keys, path))
    assert answer.status_code == 200
    assert answer.json()["results"][0]["id"] != first["results"][0]["id"]


def headers(keys: dict[str, str], path: str) -> dict[str, str]:
    return {"Authorization": asked(keys, path, {}).request["HTTP_AUTHORIZATION"]}


@pytest.mark.parametrize("path", PAGED)
def test_a_cursor_of_nobody_s_leads_nowhere(path: str, keys: dict[str, str]) -> None:
    for cursor in ("cD1u", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ==", "%00", "x" * 3000):
        assert asked(keys, path, {"cursor": cursor}).status_code == 404


@pytest.mark.parametrize("path", QUERIES)
def test_every_remedy_says_what_to_send(path: str, keys: dict[str, str]) -> None:
    for wrong in WRONG:
        query = dict.fromkeys(set(QUERIES[path]) - {"cursor"}, wrong)
        for error in asked(keys, path, query).json()["errors"]:
            assert error["remedy"] not in GENERIC, error
            assert len(error["message"]) <= 500


@pytest.mark.parametrize("path", QUERIES)
def test_what_would_be_ignored_is_refused(path: str, keys: dict[str, str]) -> None:
    one = QUERIES[path][-1]
    errors = asked(keys, path, {"verdikt": "hold", one: ["1", "2"]}).json()["errors"]
    assert {"verdikt", one} <= {e["field"] for e in errors}


@pytest.mark.parametrize(
    ("path", "query", "remedy"),
    [
        ("listings", {"verdict": "foo"}, "Send one of pending, allow, hold, block."),
        ("events", {"after": "x"}, "Send a whole number."),
        ("deliveries", {"endpoint": "bad"}, "Send the id of something that you may use."),
        ("alerts", {"similarity_min": "much"}, "Send a number as 90 or 90.5, of a few digits."),
        ("alerts", {"marketplace": "bad"}, "Send an id as 9f1c3f0e-7a52-4b7e-9a0d-0c8f5b6f2d11."),
        ("brands", {"page_size": "0"}, "Send a whole number from 1 to 200."),
    ],
)
def test_a_remedy_names_what_may_be_sent(
    path: str, query: dict[str, str], remedy: str, keys: dict[str, str]
) -> None:
    answer = asked(keys, f"/api/v1/{path}", query)
    assert [e["remedy"] for e in answer.json()["errors"]] == [remedy]


def test_they_are_all_asked() -> None:
    assert len(PAGED) >= 10
    assert "/api/v1/events" in QUERIES


@pytest.mark.parametrize("accept", ["application/yaml", "application/vnd.oai.openapi", "*/*"])
def test_the_description_s_errors_are_json(accept: str) -> None:
    wrong = {"Authorization": "Bearer bg_no", "Accept": accept}
    answer = Client().get("/api/v1/schema", headers=wrong)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")
    assert answer.json()["errors"][0]["code"] == "authentication_failed"
