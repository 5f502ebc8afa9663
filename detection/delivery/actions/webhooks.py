"""Adds, changes, pauses and removes webhook endpoints, and replays single deliveries."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AuditEvent, Marketplace
from accounts.models.person import Person
from detection.delivery.actions.record_event import queue_delivery, send
from detection.delivery.actions.replay import RETIRED, EndpointRetired, end
from detection.delivery.models import Attempt, Delivery, Event, EventType, Replay, WebhookEndpoint
from detection.outbound.urls import HostUnknown, resolve


def add_endpoint(
    *,
    marketplace: Marketplace,
    url: str,
    event_types: Sequence[str] = (),
    sandbox: bool = False,
    by: Person,
) -> WebhookEndpoint:
    """Adds an endpoint. Its `secret` is shown only in the answer to this call. Raises URLRefused."""
    check(url)
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            marketplace=marketplace,
            url=url,
            event_types=sorted(event_types),
            sandbox=sandbox,
        )
        AuditEvent.objects.record("webhook.added", subject=endpoint, by=by, url=url)
    return endpoint


def check(url: str) -> None:
    """Raises URLRefused for a URL that must not be called. An unknown host passes: it may exist later."""
    try:
        resolve(url)
    except HostUnknown:
        return


def change_endpoint(
    *, endpoint: WebhookEndpoint, url: str, event_types: Sequence[str], by: Person
) -> WebhookEndpoint:
    """Changes the URL and the event types. Raises URLRefused."""
    check(url)
    with transaction.atomic():
        endpoint.url, endpoint.event_types = url, sorted(event_types)
        endpoint.save(update_fields=["url", "event_types"])
        AuditEvent.objects.record("webhook.changed", subject=endpoint, by=by, url=url)
    return endpoint


def retire_endpoint(*, endpoint: WebhookEndpoint, by: Person) -> None:
    """Removes the endpoint and cancels its pending deliveries and running replays."""
    with transaction.atomic():
        WebhookEndpoint.objects.hold(endpoint.pk)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(retired_at=timezone.now())
        cancel_deliveries(endpoint.deliveries.all())
        for replay in endpoint.replays.filter(state=Replay.State.RUNNING):
            end(replay, Replay.State.CANCELLED, RETIRED)
        AuditEvent.objects.record("webhook.retired", subject=endpoint, by=by)


def cancel_deliveries(deliveries: QuerySet[Delivery]) -> int:
    """Cancels those of the deliveries that are pending and returns their number."""
    waiting = deliveries.filter(state=Delivery.State.PENDING)
    return waiting.update(state=Delivery.State.CANCELLED, next_attempt_at=None)


def cancel_orphaned_deliveries() -> int:
    """Cancels deliveries of endpoints that were removed while an event was recorded; returns their number."""
    return cancel_deliveries(Delivery.objects.filter(endpoint__retired_at__isnull=False))


def rotate_secret(*, endpoint: WebhookEndpoint, by: Person) -> WebhookEndpoint:
    """Replaces the secret; for a day both the old and the new one sign."""
    with transaction.atomic():
        endpoint.rotate(timezone.now())
        AuditEvent.objects.record("webhook.rotated", subject=endpoint, by=by)
    return endpoint


def resume_endpoint(*, endpoint: WebhookEndpoint, by: Person) -> WebhookEndpoint:
    """Resumes a paused endpoint: pending deliveries, and those given up while it failed, become due."""
    with transaction.atomic():
        WebhookEndpoint.objects.hold(endpoint.pk)
        endpoint.refresh_from_db()
        if endpoint.paused_at:
            waiting = Q(state=Delivery.State.PENDING)
            if endpoint.failing_since:
                failed = Attempt.objects.filter(at__gte=endpoint.failing_since)
                waiting |= Q(state=Delivery.State.DEAD, pk__in=failed.values("delivery"))
            endpoint.deliveries.filter(waiting).update(
                state=Delivery.State.PENDING, next_attempt_at=timezone.now(), attempts_made=0
            )
            endpoint.paused_at, endpoint.paused_why = None, ""
            endpoint.failures, endpoint.failing_since = 0, None
            endpoint.last_error, endpoint.notified_at = "", None
            endpoint.save()
            AuditEvent.objects.record("webhook.resumed", subject=endpoint, by=by)
    return endpoint


def ping(*, endpoint: WebhookEndpoint, by: Person) -> Event:
    """Sends a `test.ping` to this endpoint only."""
    with transaction.atomic():
        AuditEvent.objects.record("webhook.pinged", subject=endpoint, by=by)
        event = Event.objects.record(
            marketplace=endpoint.marketplace,
            event_type=EventType.TEST_PING,
            sandbox=endpoint.sandbox,
            payload={"endpoint": str(endpoint.pk)},
        )
        send(event, endpoint)
    return event


def replay_delivery(*, delivery: Delivery, by: Person) -> Delivery:
    """Sends the delivery again with the event's original id. Raises EndpointRetired."""
    with transaction.atomic():
        if WebhookEndpoint.objects.hold(delivery.endpoint_id).retired_at:
            raise EndpointRetired
        AuditEvent.objects.record("delivery.replayed", subject=delivery, by=by)
        make_due(delivery)
    return delivery


def make_due(delivery: Delivery) -> None:
    delivery.state = Delivery.State.PENDING
    delivery.attempts_made = 0
    delivery.delivered_at, delivery.next_attempt_at = None, timezone.now()
    delivery.save()
    queue_delivery(delivery)
