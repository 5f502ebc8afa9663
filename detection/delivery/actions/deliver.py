"""Attempts to deliver an event, and applies the outcome to the delivery and its endpoint."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions.mail import mail_owners
from accounts.models import AuditEvent
from brandguard.kernel.errors import DomainError
from brandguard.kernel.queueing import NOTIFIER_THREADS, NOTIFY, enqueue, waiting
from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from detection.delivery.models import Attempt, Delivery, WebhookEndpoint
from detection.delivery.schedule import FAILING_FOR, MAX_FAILURES, NOTIFY_AFTER, next_attempt
from detection.delivery.signing import encoded, signed
from detection.outbound.client import Answer, post
from detection.outbound.slots import Slots

logger = logging.getLogger(__name__)
JUST_QUEUED = timedelta(seconds=3)  # a new delivery has its own message at the broker
MAX_OF_AN_ENDPOINT = 100
SPARE = timedelta(seconds=15)  # on top of the time limit of a POST
GONE = 410
GONE_TEXT = "It answered 410 Gone."
FAILING_TEXT = "Nothing could be delivered for a day."

type Post = Callable[[str, bytes, Mapping[str, str]], Answer]


SLOTS = Slots(threads=NOTIFIER_THREADS)


def over_http(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    return post(url, body=body, headers=headers)


def deliver(*, delivery: Delivery, post: Post = over_http, slots: Slots = SLOTS) -> None:
    """Makes one attempt, or leaves it to the next sweep while the endpoint has no free slot."""
    with slots.taken(str(delivery.endpoint_id)) as free:
        if free:
            deliver_now(delivery, post)


def deliver_now(delivery: Delivery, post: Post) -> None:
    """Makes one attempt, unless another worker is making one. A worker that is killed before it stores
    the outcome causes another attempt with the same id, which the receiver can ignore.
    """
    now = timezone.now()
    if not delivery.begin(now, timedelta(seconds=settings.FETCH_SECONDS) + SPARE):
        return
    attempt = make_attempt(delivery, post)
    with transaction.atomic():
        WebhookEndpoint.objects.hold(delivery.endpoint_id)
        attempt.save()
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.next_attempt_at != delivery.next_attempt_at:
            return  # the delivery was replayed meanwhile, or another worker took over
        if attempt.status and 200 <= attempt.status < 300:  # noqa: PLR2004 - what success is
            succeed(row)
        else:
            fail(row, attempt)


def make_attempt(delivery: Delivery, post: Post) -> Attempt:
    now = timezone.now()
    event, endpoint = delivery.event, delivery.endpoint
    attempt = Attempt(delivery=delivery, at=now)
    try:
        body = encoded(event.body())
        secrets = endpoint.signing_secrets(now)
        headers = signed(body, event_id=event.public_id, at=now, secrets=secrets)
        answer = post(endpoint.url, body.encode(), headers)
    except DomainError as error:
        attempt.error = error.message[:300]
    except Exception as error:  # counts as a failed attempt, so the retries end
        logger.exception("Delivery %s failed.", delivery.pk)
        attempt.error = f"{type(error).__name__}: {error}"[:300]
    else:
        attempt.status, attempt.milliseconds = answer.status, answer.milliseconds
    return attempt


def succeed(delivery: Delivery) -> None:
    delivery.state = Delivery.State.DELIVERED
    delivery.delivered_at, delivery.next_attempt_at = timezone.now(), None
    delivery.save(update_fields=["state", "delivered_at", "next_attempt_at"])
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).exclude(failures=0).update(
        failures=0, failing_since=None, last_error="", notified_at=None
    )


def fail(delivery: Delivery, attempt: Attempt) -> None:
    now = timezone.now()
    delivery.next_attempt_at = next_attempt(delivery.attempts_made, now)
    if delivery.next_attempt_at is None:
        delivery.state = Delivery.State.DEAD
        AuditEvent.objects.record(
            "delivery.dead", subject=delivery, by=None, event=delivery.event.public_id
        )
    delivery.save(update_fields=["state", "next_attempt_at"])
    endpoints = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id)
    endpoints.filter(failing_since=None).update(failing_since=now)
    error = attempt.error or f"It answered {attempt.status}."
    endpoints.update(failures=F("failures") + 1, last_error=error)
    endpoint = endpoints.get()
    failing_for = now - (endpoint.failing_since or now)
    if attempt.status == GONE:
        pause(endpoint, GONE_TEXT)
    elif failing_for >= FAILING_FOR and endpoint.failures >= MAX_FAILURES:
        pause(endpoint, FAILING_TEXT)
    elif failing_for >= NOTIFY_AFTER and endpoints.filter(notified_at=None).update(notified_at=now):
        mail_owners(endpoint.marketplace.organisation, "webhook_failing", endpoint=endpoint)


def pause(endpoint: WebhookEndpoint, why: str) -> None:
    """Pauses the endpoint: its deliveries wait until someone resumes it."""
    if endpoint.paused_at:
        return
    endpoint.paused_at, endpoint.paused_why = timezone.now(), why
    endpoint.save(update_fields=["paused_at", "paused_why"])
    AuditEvent.objects.record("webhook.paused", subject=endpoint, by=None, why=why)
    mail_owners(endpoint.marketplace.organisation, "webhook_paused", endpoint=endpoint)


def sweep_deliveries() -> int:
    """Queues due deliveries and returns their number: up to MAX_OF_AN_ENDPOINT of an endpoint, but one of a
    failing endpoint, which must not hold every thread. Does nothing while the queue is long.
    """
    if waiting(NOTIFY) > MAX_A_SWEEP:
        return 0
    due = Delivery.objects.due(timezone.now() - JUST_QUEUED).order_by("next_attempt_at")
    task = "detection.delivery.tasks.deliver"
    count = 0
    for endpoint in WebhookEndpoint.objects.filter(pk__in=due.order_by().values("endpoint")):
        of_endpoint = due.filter(endpoint=endpoint).values_list("pk", flat=True)
        share = of_endpoint[: 1 if endpoint.is_failing else MAX_OF_AN_ENDPOINT]
        count += each(share, lambda number: enqueue(task, delivery_id=str(number)))
    return count
