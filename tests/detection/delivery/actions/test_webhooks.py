"""Endpoints: paused, resumed, retired."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Mail, Marketplace
from detection.delivery.actions.deliver import deliver_now
from detection.delivery.actions.replay import add_page, start_replay
from detection.delivery.actions.webhooks import (
    add_endpoint,
    cancel_orphaned_deliveries,
    replay_delivery,
    resume_endpoint,
    retire_endpoint,
)
from detection.delivery.models import Delivery, WebhookEndpoint
from detection.delivery.schedule import DELAYS
from detection.outbound.client import Answer
from detection.outbound.urls import URLRefused
from tests import factories
from tests.detection.delivery.scenes import Receiver, attempt, told


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
    assert "Webhook paused: http" in Mail.objects.order_by("-pk")[0].subject


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


def test_a_url_that_is_not_public_is_refused(marketplace: Marketplace, settings: Settings) -> None:
    settings.FETCH_LOOPBACK = False
    with pytest.raises(URLRefused):
        add_endpoint(marketplace=marketplace, url="http://127.0.0.1/hooks", by=factories.staff())
