"""Deliveries and their attempts, against a real receiver."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Marketplace
from detection.delivery.actions.deliver import deliver
from detection.delivery.actions.webhooks import replay_delivery
from detection.delivery.models import Delivery, WebhookEndpoint
from detection.delivery.models.webhook import FAILING_FROM
from detection.delivery.schedule import DELAYS
from detection.delivery.tasks import sweep_deliveries
from detection.outbound.client import Answer
from tests import factories
from tests.detection.delivery.scenes import Receiver, attempt, told

SECONDS_OF_A_DAY = 86_400


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
