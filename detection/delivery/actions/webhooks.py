"""Endpoints of webhooks, and deliveries once more."""

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
    """Its `secret` is shown this once. Raises URLRefused."""
    check(url)
    with transaction.atomic():
        made = WebhookEndpoint.objects.create(
            marketplace=marketplace,
            url=url,
            event_types=sorted(event_types),
            sandbox=sandbox,
        )
        AuditEvent.objects.record("webhook.added", subject=made, by=by, url=url)
    return made


def check(url: str) -> None:
    """Of a URL that is not to be asked it is said at once. A host that is not known now may be
    later.
    """
    try:
        resolve(url)
    except HostUnknown:
        return


def change_endpoint(
    *, endpoint: WebhookEndpoint, url: str, event_types: Sequence[str], by: Person
) -> WebhookEndpoint:
    """Raises URLRefused."""
    check(url)
    with transaction.atomic():
        endpoint.url, endpoint.event_types = url, sorted(event_types)
        endpoint.save(update_fields=["url", "event_types"])
        AuditEvent.objects.record("webhook.changed", subject=endpoint, by=by, url=url)
    return endpoint


def retire_endpoint(*, endpoint: WebhookEndpoint, by: Person) -> None:
    """What it has not had, it will not get."""
    with transaction.atomic():
        WebhookEndpoint.objects.hold(endpoint.pk)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(retired_at=timezone.now())
        cancel_deliveries(endpoint.deliveries.all())
        for replay in endpoint.replays.filter(state=Replay.State.RUNNING):
            end(replay, Replay.State.CANCELLED, RETIRED)
        AuditEvent.objects.record("webhook.retired", subject=endpoint, by=by)


def cancel_deliveries(deliveries: QuerySet[Delivery]) -> int:
    """Those that wait. How many."""
    waiting = deliveries.filter(state=Delivery.State.PENDING)
    return waiting.update(state=Delivery.State.CANCELLED, next_attempt_at=None)


def cancel_what_nobody_gets() -> int:
    """Deliveries of endpoints that were removed while an event came true. How many."""
    return cancel_deliveries(Delivery.objects.filter(endpoint__retired_at__isnull=False))


def rotate_secret(*, endpoint: WebhookEndpoint, by: Person) -> WebhookEndpoint:
    """Both secrets sign for a day."""
    with transaction.atomic():
        endpoint.rotate(timezone.now())
        AuditEvent.objects.record("webhook.rotated", subject=endpoint, by=by)
    return endpoint


def resume_endpoint(*, endpoint: WebhookEndpoint, by: Person) -> WebhookEndpoint:
    """What waited is sent now, and what was given up while it failed."""
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
            endpoint.last_error, endpoint.published_at = "", None
            endpoint.save()
            AuditEvent.objects.record("webhook.resumed", subject=endpoint, by=by)
    return endpoint


def ping(*, endpoint: WebhookEndpoint, by: Person) -> Event:
    """To this one alone."""
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
    """Once more, with the id that the event always had. Raises EndpointRetired."""
    with transaction.atomic():
        if WebhookEndpoint.objects.hold(delivery.endpoint_id).retired_at:
            raise EndpointRetired
        AuditEvent.objects.record("delivery.replayed", subject=delivery, by=by)
        again(delivery)
    return delivery


def again(delivery: Delivery) -> None:
    delivery.state = Delivery.State.PENDING
    delivery.attempts_made = 0
    delivery.delivered_at, delivery.next_attempt_at = None, timezone.now()
    delivery.save()
    queue_delivery(delivery)
