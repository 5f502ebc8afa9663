"""Endpoints, events and deliveries over the API."""

from typing import Any

import pytest

from accounts.models import Marketplace
from detection.delivery.actions.replay import cancel_replay, start_replay
from detection.delivery.models import Delivery, WebhookEndpoint
from tests import factories
from tests.api import call
from tests.detection.delivery.scenes import Receiver, told


def test_the_secret_is_shown_once(key: str, receiver: Receiver) -> None:
    made = call(key, "post", "webhooks", {"url": receiver.url}).json()
    assert made["secret"].startswith("whsec_")
    assert "secret" not in call(key, "get", f"webhooks/{made['id']}").json()
    rotated = call(key, "post", f"webhooks/{made['id']}/rotate").json()
    assert rotated["secret"] != made["secret"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"url": "nonsense"}, "url"),
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"url": "ftp://shop.example/"}, "url"),
        ({"url": "https://u:p@shop.example/"}, "url"),
        ({"url": "https://shop.example/", "event_types": ["listing.eaten"]}, "event_types[0]"),
        ({}, "url"),
    ],
)
def test_a_bad_endpoint_names_the_field(key: str, data: dict[str, Any], field: str) -> None:
    answer = call(key, "post", "webhooks", data)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_events_after_a_number_come_in_order(key: str, marketplace: Marketplace) -> None:
    numbers = [told(marketplace).number for _ in range(3)]
    told(factories.marketplace("Other"))
    told(marketplace, sandbox=True)
    first = call(key, "get", "events?limit=2").json()
    assert ([event["number"] for event in first["events"]], first["more"]) == (numbers[:2], True)
    rest = call(key, "get", f"events?after={first['next']}").json()
    assert ([event["number"] for event in rest["events"]], rest["more"]) == (numbers[2:], False)
    assert call(key, "get", "events?after=nothing").status_code == 400


@pytest.mark.parametrize(
    ("by", "where"),
    [
        ("get", "webhooks/{endpoint}"),
        ("patch", "webhooks/{endpoint}"),
        ("delete", "webhooks/{endpoint}"),
        ("post", "webhooks/{endpoint}/rotate"),
        ("post", "webhooks/{endpoint}/ping"),
        ("post", "webhooks/{endpoint}/resume"),
        ("post", "webhooks/{endpoint}/replay"),
        ("get", "deliveries/{delivery}"),
        ("post", "deliveries/{delivery}/replay"),
        ("get", "replays/{replay}"),
        ("post", "replays/{replay}/cancel"),
    ],
)
def test_each_url_for_us_a_team_mate_a_stranger_and_without_the_scope(
    marketplace: Marketplace, endpoint: WebhookEndpoint, key: str, by: str, where: str
) -> None:
    told(marketplace)
    replay = start_replay(endpoint=endpoint, after=0, by=factories.staff())
    if where == "webhooks/{endpoint}/replay":  # which has one at a time
        cancel_replay(replay=replay, by=factories.staff())
    place = where.format(endpoint=endpoint.pk, delivery=Delivery.objects.get().pk, replay=replay.pk)
    bodies: dict[str, Any] = {
        "webhooks/{endpoint}": {"event_types": []},
        "webhooks/{endpoint}/replay": {"after": 0},
    }
    data = bodies.get(where) if by in {"post", "patch"} else None
    other = factories.marketplace("Other").organisation
    stranger = factories.api_key(other, factories.member(other, "oscar"), "listings")
    mate = factories.member(marketplace.organisation, "bella")
    scope = factories.api_key(marketplace.organisation, mate, "alerts")
    ours = factories.api_key(marketplace.organisation, mate, "listings")
    assert call(stranger, by, place, data).status_code == 404
    assert call(scope, by, place, data).status_code == 403
    assert call(ours, by, place, data).status_code < 300


def test_lists_cost_the_same_however_long_they_are(
    key: str,
    marketplace: Marketplace,
    endpoint: WebhookEndpoint,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(5):
        told(marketplace)
    for where in ("events", "deliveries", "webhooks", "replays"):
        with django_assert_max_num_queries(6):
            call(key, "get", where)
