"""Events, deliveries and their attempts, against a real receiver."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest
import requests
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook, WebhookVerificationError

from accounts.models import AuditEvent, Mail, Marketplace
from detection.delivery.actions.deliver import deliver, deliver_now
from detection.delivery.actions.record_event import record_event
from detection.delivery.actions.replay import (
    EndpointRetired,
    ReplayEnded,
    add_page,
    cancel_replay,
    continue_replays,
    start_replay,
)
from detection.delivery.actions.webhooks import (
    add_endpoint,
    cancel_orphaned_deliveries,
    ping,
    replay_delivery,
    resume_endpoint,
    retire_endpoint,
    rotate_secret,
)
from detection.delivery.models import Delivery, Event, EventType, Replay, WebhookEndpoint
from detection.delivery.models.webhook import FAILING_FROM
from detection.delivery.schedule import DELAYS
from detection.delivery.tasks import sweep_deliveries
from detection.outbound.client import Answer
from detection.outbound.urls import URLRefused
from tests import factories

SECONDS_OF_A_DAY = 86_400


class Receiver:
    """Answers with `status`; keeps what it had."""

    def __init__(self) -> None:
        self.status = 204
        self.had: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.had.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(autouse=True)
def _on_this_machine(settings: Settings) -> None:
    settings.FETCH_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def endpoint(marketplace: Marketplace, receiver: Receiver) -> WebhookEndpoint:
    return add_endpoint(marketplace=marketplace, url=receiver.url, by=factories.staff())


def told(marketplace: Marketplace, external_id: str = "offer-1", **fields: Any) -> Event:
    with transaction.atomic():
        return record_event(
            marketplace=marketplace,
            event_type=EventType.LISTING_HELD,
            listing_external_id=external_id,
            payload={"listing": {"external_id": external_id}},
            **fields,
        )


def attempt() -> Delivery:
    """What a worker does with the one delivery that there is, now."""
    Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
    row = Delivery.objects.select_related("event", "endpoint").get()
    deliver(delivery=row)
    return Delivery.objects.get()


# --- events ----------------------------------------------------------------------------------
def test_the_sequence_of_a_listing_rises_by_one(marketplace: Marketplace) -> None:
    for _ in range(2):
        told(marketplace, "a")
    told(marketplace, "b")
    told(marketplace, "a", sandbox=True)
    told(factories.marketplace("Other"), "a")
    found = Event.objects.order_by("number").values_list("listing_external_id", "sequence")
    assert list(found) == [("a", 1), ("a", 2), ("b", 1), ("a", 1), ("a", 1)]


def test_an_event_is_never_altered(marketplace: Marketplace) -> None:
    event = told(marketplace)
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_into_the_transaction_that_made_it_true(marketplace: Marketplace) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        Event.objects.record(marketplace=marketplace, event_type=EventType.TEST_PING, payload={})


def test_only_who_wants_it_gets_it(marketplace: Marketplace, endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.update(event_types=["listing.blocked"])
    told(marketplace)
    told(marketplace, sandbox=True)
    assert not Delivery.objects.exists()
    ping(endpoint=endpoint, by=factories.staff())
    assert Delivery.objects.get().event.event_type == "test.ping"


# --- signing ---------------------------------------------------------------------------------
def test_a_delivery_is_signed_and_verified_by_the_library(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    event = told(marketplace)
    assert attempt().state == "delivered"
    headers, body = receiver.had[0]
    read = Webhook(endpoint.secret).verify(body, headers)
    assert (read["id"], read["type"], read["sequence"]) == (event.public_id, "listing.held", 1)
    assert headers["webhook-id"] == event.public_id


def test_what_was_tampered_with_or_is_stale_is_refused(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    told(marketplace)
    attempt()
    headers, body = receiver.had[0]
    stale = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
    for wrong in ((headers, body.replace(b"held", b"free")), (stale, body)):
        with pytest.raises(WebhookVerificationError):
            Webhook(endpoint.secret).verify(wrong[1], wrong[0])


def test_both_secrets_sign_while_they_overlap(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    old = endpoint.secret
    new = rotate_secret(endpoint=endpoint, by=factories.staff()).secret
    told(marketplace)
    attempt()
    for secret in (old, new):
        Webhook(secret).verify(receiver.had[0][1], receiver.had[0][0])
    WebhookEndpoint.objects.update(previous_until=timezone.now())
    replay_delivery(delivery=Delivery.objects.get(), by=factories.staff())
    attempt()
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(receiver.had[1][1], receiver.had[1][0])


# --- attempts --------------------------------------------------------------------------------
def test_a_failure_is_tried_again_later_with_the_same_id(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.status = 500
    told(marketplace)
    failed = attempt()
    assert failed.state == "pending"
    assert failed.next_attempt_at
    assert 3 < (failed.next_attempt_at - timezone.now()).total_seconds() < 7
    receiver.status = 200
    assert attempt().state == "delivered"
    assert len({headers["webhook-id"] for headers, _ in receiver.had}) == 1
    assert [one.status for one in Delivery.objects.get().attempts.all()] == [500, 200]


@pytest.mark.parametrize("status", [301, 400, 404, 429, 503])
def test_nothing_but_2xx_is_delivered(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    told(marketplace)
    assert attempt().state == "pending"


def test_nobody_there_is_noted_with_the_reason(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.server.shutdown()
    receiver.server.server_close()
    told(marketplace)
    assert attempt().attempts.get().error == "The connection failed."


def test_after_a_day_it_is_given_up_and_can_be_replayed(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    assert SECONDS_OF_A_DAY * 0.9 < sum(DELAYS) < SECONDS_OF_A_DAY * 1.1
    receiver.status = 500
    told(marketplace)
    for _ in DELAYS:
        assert attempt().state == "pending"
    assert attempt().state == "dead"
    assert AuditEvent.objects.filter(action="delivery.dead").count() == 1
    receiver.status = 200
    replay_delivery(delivery=Delivery.objects.get(), by=factories.staff())
    assert attempt().state == "delivered"


def test_two_workers_never_attempt_the_same_at_once(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    told(marketplace)
    row, posted = Delivery.objects.get(), []

    def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        posted.append(url)
        deliver(delivery=Delivery.objects.get(), post=post)  # another worker, meanwhile
        return Answer(200, b"", 1.0)

    deliver(delivery=row, post=post)
    assert len(posted) == 1


def test_a_worker_killed_in_between_is_followed_by_another(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    told(marketplace)

    def post(*_: Any) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(delivery=Delivery.objects.get(), post=post)
    lost = Delivery.objects.get()
    assert lost.state == "pending"
    assert lost.next_attempt_at
    assert lost.next_attempt_at > timezone.now()
    assert attempt().state == "delivered"


def test_what_is_due_is_swept_to_the_workers(
    marketplace: Marketplace, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[str] = []
    monkeypatch.setattr("detection.delivery.actions.deliver.waiting", lambda _: 0)
    monkeypatch.setattr(
        "detection.delivery.actions.deliver.enqueue",
        lambda _task, *, delivery_id: queued.append(delivery_id),
    )
    told(marketplace)
    sweep_deliveries()
    assert not queued
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=10))
    sweep_deliveries()
    assert queued == [str(Delivery.objects.get().pk)]


def test_what_was_replayed_meanwhile_is_not_taken_for_settled(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    told(marketplace)

    def post(*_: Any) -> Answer:
        replay_delivery(delivery=Delivery.objects.get(), by=factories.staff())
        return Answer(200, b"", 1.0)

    deliver(delivery=Delivery.objects.get(), post=post)
    assert Delivery.objects.get().state == "pending"


def test_one_that_keeps_failing_is_asked_once_a_sweep(
    marketplace: Marketplace, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[str] = []
    monkeypatch.setattr("detection.delivery.actions.deliver.waiting", lambda _: 0)
    monkeypatch.setattr(
        "detection.delivery.actions.deliver.enqueue",
        lambda _task, *, delivery_id: queued.append(delivery_id),
    )
    for _ in range(3):
        told(marketplace)
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=10))
    sweep_deliveries()
    assert len(queued) == 3
    WebhookEndpoint.objects.update(failures=FAILING_FROM)
    sweep_deliveries()
    assert len(queued) == 4


# --- endpoints -------------------------------------------------------------------------------
def test_an_endpoint_that_is_gone_is_paused_and_resumed(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.status = 410
    told(marketplace)
    attempt()
    paused = WebhookEndpoint.objects.get()
    assert paused.paused_why == "It answered 410 Gone."
    receiver.status = 200
    attempt()
    assert len(receiver.had) == 1
    resume_endpoint(endpoint=paused, by=factories.staff())
    assert Delivery.objects.get().attempts_made == 0
    assert attempt().state == "delivered"


def test_an_endpoint_that_fails_for_long_is_paused(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.status = 500
    told(marketplace)
    WebhookEndpoint.objects.update(failures=30, failing_since=timezone.now())
    attempt()
    assert WebhookEndpoint.objects.get().paused_at is None
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=1))
    attempt()
    assert WebhookEndpoint.objects.get().paused_at
    assert AuditEvent.objects.filter(action="webhook.paused").count() == 1


def test_its_owners_are_told_once_after_an_hour_and_when_it_is_paused(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    factories.member(marketplace.organisation, "olga", role="owner")
    User.objects.filter(username="olga").update(email="olga@shop.example")
    receiver.status = 500
    told(marketplace)
    attempt()
    assert WebhookEndpoint.objects.get().last_error == "It answered 500."
    assert not Mail.objects.exists()
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(hours=1))
    for _ in range(2):
        attempt()
    assert [mail.to for mail in Mail.objects.all()] == ["olga@shop.example"]
    assert "It answered 500." in Mail.objects.get().text
    receiver.status = 410
    attempt()
    assert "Webhook paused" in Mail.objects.order_by("-pk")[0].subject


def test_what_was_given_up_while_it_failed_is_sent_when_it_is_resumed(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.status = 500
    told(marketplace)
    for _ in range(len(DELAYS) + 1):
        attempt()
    assert Delivery.objects.get().state == "dead"
    WebhookEndpoint.objects.update(paused_at=timezone.now(), paused_why="Nothing was delivered.")
    receiver.status = 200
    resume_endpoint(endpoint=WebhookEndpoint.objects.get(), by=factories.staff())
    assert attempt().state == "delivered"
    working = WebhookEndpoint.objects.get()
    assert (working.failures, working.failing_since, working.last_error) == (0, None, "")


def test_a_range_is_replayed_with_the_ids_that_it_had(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    first, second, third = (told(marketplace) for _ in range(3))
    Delivery.objects.update(state="delivered", next_attempt_at=None, delivered_at=timezone.now())
    start_replay(endpoint=endpoint, after=first.number, until=second.number, by=factories.staff())
    continue_replays()
    assert Delivery.objects.get(state="pending").event == second
    assert third.deliveries.get().state == "delivered"
    done = Replay.objects.get()
    assert (done.state, done.done, done.total) == ("done", 1, 1)


def replaying(marketplace: Marketplace, endpoint: WebhookEndpoint) -> Replay:
    """Of three events that the endpoint has had, a page of two added."""
    for _ in range(3):
        told(marketplace)
    delivered()
    started = start_replay(endpoint=endpoint, after=0, by=factories.staff())
    continue_replays()
    return Replay.objects.get(pk=started.pk)


def delivered() -> None:
    Delivery.objects.update(state="delivered", next_attempt_at=None, delivered_at=timezone.now())


@pytest.fixture
def _pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detection.delivery.actions.replay.PAGE", 2)


@pytest.mark.usefixtures("_pages_of_two")
def test_the_next_page_of_a_replay_comes_once_the_last_one_was_taken(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    replay = replaying(marketplace, endpoint)
    continue_replays()
    assert (replay.state, replay.done, replay.total) == ("running", 2, 3)
    assert Delivery.objects.filter(state="pending").count() == 2
    delivered()
    continue_replays()
    replay.refresh_from_db()
    assert (replay.state, replay.done) == ("done", 3)
    with pytest.raises(ReplayEnded):
        cancel_replay(replay=replay, by=factories.staff())


@pytest.mark.usefixtures("_pages_of_two")
def test_an_endpoint_has_one_replay_at_a_time(
    marketplace: Marketplace, endpoint: WebhookEndpoint, key: str, seller: User
) -> None:
    replay = replaying(marketplace, endpoint)
    answer = call(key, "post", f"webhooks/{endpoint.pk}/replay", {"after": 0})
    assert (answer.status_code, answer.json()["errors"][0]["replay"]) == (409, str(replay.pk))
    client = factories.signed_in(seller)
    page = client.post(f"/webhooks/{endpoint.pk}/replay", {"after": "0"}, follow=True)
    assert "is running for this endpoint" in page.text
    cancel_replay(replay=replay, by=factories.staff())
    start_replay(endpoint=endpoint, after=0, by=factories.staff())


@pytest.mark.usefixtures("_pages_of_two")
def test_replays_that_never_end_starve_no_other(
    marketplace: Marketplace, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detection.delivery.actions.replay.MAX_A_SWEEP", 1)
    stuck = replaying(marketplace, endpoint)
    healthy = add_endpoint(
        marketplace=marketplace, url="https://93.184.216.34/too", by=factories.staff()
    )
    other = start_replay(endpoint=healthy, after=0, by=factories.staff())
    for _ in range(4):
        Delivery.objects.filter(endpoint=healthy).update(
            state="delivered", next_attempt_at=None, delivered_at=timezone.now()
        )
        continue_replays()
    for replay in (stuck, other):
        replay.refresh_from_db()
    assert (stuck.state, other.state) == ("running", "done")


LOCKING = re.compile(r'UPDATE "(detection_\w+)"|FROM "(detection_\w+)".* FOR (?:NO KEY )?UPDATE')


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
def test_the_endpoint_is_locked_before_what_is_sent_to_it(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    """In the same order everywhere: two that wait for each other would both fail."""
    told(marketplace)
    by = factories.staff()
    answers = iter([Answer(500, b"", 1.0), Answer(200, b"", 1.0)])
    replay = start_replay(endpoint=endpoint, after=0, by=by)
    WebhookEndpoint.objects.update(paused_at=timezone.now(), paused_why="It was slow.")
    acts: list[Callable[[], object]] = [
        lambda: resume_endpoint(endpoint=endpoint, by=by),
        lambda: attempted_once(answers),
        lambda: replay_delivery(delivery=Delivery.objects.get(), by=by),
        lambda: attempted_once(answers),
        lambda: add_page(replay.pk),
        lambda: retire_endpoint(endpoint=endpoint, by=by),
    ]
    for act in acts:
        with CaptureQueriesContext(connection) as asked:
            act()
        found = [LOCKING.search(query["sql"]) for query in asked]
        locked = [match[1] or match[2] for match in found if match]
        assert {"detection_delivery", "detection_replay"} & set(locked)
        assert locked[0] == "detection_webhookendpoint"


def attempted_once(answers: Iterator[Answer]) -> None:
    """Once it is begun, which is a statement by itself."""
    delivery = Delivery.objects.get()
    with patch.object(Delivery, "begin", return_value=True):
        deliver_now(delivery, lambda *_: next(answers))


@pytest.mark.usefixtures("_pages_of_two")
def test_a_replay_that_is_cancelled_spares_the_rest(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    replay = cancel_replay(replay=replaying(marketplace, endpoint), by=factories.staff())
    delivered()
    continue_replays()
    assert (replay.state, replay.why) == ("cancelled", "It was cancelled.")
    assert not Delivery.objects.filter(state="pending").exists()


@pytest.mark.usefixtures("_pages_of_two")
def test_with_its_endpoint_removed_a_replay_ends_and_none_begins(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    replay = replaying(marketplace, endpoint)
    retire_endpoint(endpoint=endpoint, by=factories.staff())
    replay.refresh_from_db()
    assert (replay.state, replay.why) == ("cancelled", "The endpoint was removed.")
    assert not Delivery.objects.filter(state="pending").exists()
    with pytest.raises(EndpointRetired):
        start_replay(endpoint=endpoint, after=0, by=factories.staff())
    with pytest.raises(EndpointRetired):
        replay_delivery(delivery=Delivery.objects.all()[0], by=factories.staff())


def test_what_came_true_while_its_endpoint_was_removed_is_cancelled(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    told(marketplace)
    WebhookEndpoint.objects.update(retired_at=timezone.now())
    assert cancel_orphaned_deliveries() == 1
    assert Delivery.objects.get().state == "cancelled"


def test_a_retired_endpoint_gets_nothing_more(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    told(marketplace)
    retire_endpoint(endpoint=endpoint, by=factories.staff())
    assert Delivery.objects.get().state == "cancelled"
    told(marketplace)
    assert Delivery.objects.count() == 1


def test_an_address_that_is_not_public_is_refused(
    marketplace: Marketplace, settings: Settings
) -> None:
    settings.FETCH_LOOPBACK = False
    with pytest.raises(URLRefused):
        add_endpoint(marketplace=marketplace, url="http://127.0.0.1/hooks", by=factories.staff())


# --- the API -----------------------------------------------------------------------------------
@pytest.fixture
def seller(marketplace: Marketplace) -> User:
    return factories.member(marketplace.organisation, "bazaar")


@pytest.fixture
def key(marketplace: Marketplace, seller: User) -> str:
    return factories.api_key(marketplace.organisation, seller, "listings")


def call(key: str, by: str, where: str, data: Any = None) -> Any:
    client = Client(headers={"Authorization": f"Bearer {key}"})
    body = {"content_type": "application/json", "data": data} if data is not None else {}
    return getattr(client, by)(f"/api/v1/{where}", **body)


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
def test_each_address_for_us_a_team_mate_a_stranger_and_without_the_scope(
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


# --- pages ---------------------------------------------------------------------------------------
def test_a_page_shows_deliveries_and_sends_them_once_more(
    marketplace: Marketplace, endpoint: WebhookEndpoint, seller: User
) -> None:
    told(marketplace, "offer-77")
    WebhookEndpoint.objects.update(paused_at=timezone.now(), paused_why="It answered 410 Gone.")
    Delivery.objects.update(state="dead", next_attempt_at=None)
    page = factories.signed_in(seller).get("/webhooks").text
    assert "offer-77" in page
    assert "It answered 410 Gone." in page
    client = factories.signed_in(seller)
    assert client.post(f"/deliveries/{Delivery.objects.get().pk}/replay").status_code == 302
    assert Delivery.objects.get().state == "pending"
    assert client.post(f"/webhooks/{endpoint.pk}/resume").status_code == 302
    assert WebhookEndpoint.objects.get().paused_at is None
    assert client.post(f"/webhooks/{endpoint.pk}/test").status_code == 302


@pytest.mark.usefixtures("_pages_of_two")
def test_the_page_starts_a_replay_shows_how_far_it_is_and_cancels_it(
    marketplace: Marketplace, endpoint: WebhookEndpoint, seller: User
) -> None:
    client = factories.signed_in(seller)
    for _ in range(3):
        told(marketplace)
    delivered()
    assert client.post(f"/webhooks/{endpoint.pk}/replay", {"after": "0"}).status_code == 302
    continue_replays()
    assert "2 of 3 events" in client.get("/webhooks").text
    client.post(f"/replays/{Replay.objects.get().pk}/cancel")
    assert "It was cancelled." in client.get("/webhooks").text
    client.post(f"/webhooks/{endpoint.pk}/replay", {"after": "the last"})
    assert "Enter the number of the last event you received" in client.get("/webhooks").text
    assert Replay.objects.count() == 1


def test_a_stranger_sees_and_replays_nothing(
    marketplace: Marketplace, endpoint: WebhookEndpoint, as_charlie: Client
) -> None:
    told(marketplace, "offer-77")
    assert "offer-77" not in as_charlie.get("/webhooks").text
    number = Delivery.objects.get().pk
    assert as_charlie.post(f"/deliveries/{number}/replay").status_code == 404
    assert as_charlie.post(f"/webhooks/{endpoint.pk}/resume").status_code == 404
    assert as_charlie.post(f"/webhooks/{endpoint.pk}/replay", {"after": "0"}).status_code == 404
    replay = start_replay(endpoint=endpoint, after=0, by=factories.staff())
    assert as_charlie.post(f"/replays/{replay.pk}/cancel").status_code == 404


# --- the receiver of the docs ----------------------------------------------------------------
def test_the_receiver_of_the_docs_takes_ours_and_refuses_others(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver, tmp_path: Path
) -> None:
    told(marketplace)
    attempt()
    headers, body = receiver.had[0]
    text = Path("docs/webhooks.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(code.splitlines()) <= 25
    (tmp_path / "receiver.py").write_text(code)
    port = str(free_port())
    with subprocess.Popen(
        [sys.executable, tmp_path / "receiver.py"],
        env={"WEBHOOK_SECRET": endpoint.secret, "PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        url = f"http://127.0.0.1:{port}/"
        try:
            statuses = [
                answer_of(url, *message)
                for message in (
                    (headers, body),
                    (headers, body),  # a second time: said yes to, and obeyed once
                    (headers, body.replace(b"held", b"free")),
                    (headers | {"webhook-timestamp": "1"}, body),
                    ({}, body),
                    (headers | {"webhook-signature": "nonsense"}, body),
                )
            ]
        finally:
            process.kill()
        printed = process.stdout.read() if process.stdout else ""
    assert statuses == [204, 204, 401, 401, 401, 401]
    assert printed.count("listing.held") == 1
    assert json.loads(body)["data"]


def free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return int(server.server_port)


def answer_of(url: str, headers: dict[str, str], body: bytes) -> int:
    wanted = {name: headers[name] for name in headers if name.startswith("webhook-")}
    for _ in range(100):
        try:
            return requests.post(url, data=body, headers=wanted, timeout=5).status_code
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("the receiver did not start")
