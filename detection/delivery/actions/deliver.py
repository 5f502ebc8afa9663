"""One attempt to deliver an event, and what follows from how it went."""

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
from detection.delivery.schedule import FAILING_FOR, MAX_FAILURES, TELL_AFTER, next_attempt
from detection.delivery.signing import encoded, signed
from detection.outbound.client import Answer, post
from detection.outbound.slots import Slots

logger = logging.getLogger(__name__)
JUST_QUEUED = timedelta(seconds=3)  # a new delivery is on its way to a worker by itself
MAX_OF_AN_ENDPOINT = 100
SPARE = timedelta(seconds=15)  # beyond what a post may take
GONE = 410
GONE_TEXT = "It answered 410 Gone."
FAILING_TEXT = "Nothing could be delivered for a day."

type Post = Callable[[str, bytes, Mapping[str, str]], Answer]


SLOTS = Slots(threads=NOTIFIER_THREADS)


def over_http(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    return post(url, body=body, headers=headers)


def deliver(*, delivery: Delivery, post: Post = over_http, slots: Slots = SLOTS) -> None:
    """Left for the next sweep while as many are at its endpoint as may be."""
    with slots.taken(str(delivery.endpoint_id)) as free:
        if free:
            deliver_now(delivery, post)


def deliver_now(delivery: Delivery, post: Post) -> None:
    """Does nothing while another worker is at it. Killed before it is noted how it went, the
    attempt is made again, with the same id: a receiver that has had it says so and ignores it.
    """
    now = timezone.now()
    if not delivery.begin(now, timedelta(seconds=settings.FETCH_SECONDS) + SPARE):
        return
    attempt = attempted(delivery, post)
    with transaction.atomic():
        WebhookEndpoint.objects.hold(delivery.endpoint_id)
        attempt.save()
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.next_attempt_at != delivery.next_attempt_at:
            return  # it was replayed meanwhile, or another worker took it for lost
        if attempt.status and 200 <= attempt.status < 300:  # noqa: PLR2004 - what success is
            succeed(row)
        else:
            fail(row, attempt)


def attempted(delivery: Delivery, post: Post) -> Attempt:
    now = timezone.now()
    event, endpoint = delivery.event, delivery.endpoint
    made = Attempt(delivery=delivery, at=now)
    try:
        body = encoded(event.body())
        secrets = endpoint.signing_secrets(now)
        headers = signed(body, event_id=event.public_id, at=now, secrets=secrets)
        answer = post(endpoint.url, body.encode(), headers)
    except DomainError as fault:
        made.error = fault.message[:300]
    except Exception as error:  # a failed attempt as any other: one day it is given up
        logger.exception("Delivery %s failed.", delivery.pk)
        made.error = f"{type(error).__name__}: {error}"[:300]
    else:
        made.status, made.milliseconds = answer.status, answer.milliseconds
    return made


def succeed(delivery: Delivery) -> None:
    delivery.state = Delivery.State.DELIVERED
    delivery.delivered_at, delivery.next_attempt_at = timezone.now(), None
    delivery.save(update_fields=["state", "delivered_at", "next_attempt_at"])
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).exclude(failures=0).update(
        failures=0, failing_since=None, last_error="", published_at=None
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
    elif failing_for >= TELL_AFTER and endpoints.filter(published_at=None).update(published_at=now):
        mail_owners(endpoint.marketplace.organisation, "webhook_failing", endpoint=endpoint)


def pause(endpoint: WebhookEndpoint, why: str) -> None:
    """Its deliveries wait until it is resumed."""
    if endpoint.paused_at:
        return
    endpoint.paused_at, endpoint.paused_why = timezone.now(), why
    endpoint.save(update_fields=["paused_at", "paused_why"])
    AuditEvent.objects.record("webhook.paused", subject=endpoint, by=None, why=why)
    mail_owners(endpoint.marketplace.organisation, "webhook_paused", endpoint=endpoint)


def sweep_deliveries() -> int:
    """Those whose next attempt is due, a share of each endpoint's, and of one that keeps failing one
    alone: it must not hold every thread. Not while many wait at the broker already.
    """
    if waiting(NOTIFY) > MAX_A_SWEEP:
        return 0
    due = Delivery.objects.due(timezone.now() - JUST_QUEUED).order_by("next_attempt_at")
    task = "detection.delivery.tasks.deliver"
    count = 0
    for endpoint in WebhookEndpoint.objects.filter(pk__in=due.order_by().values("endpoint")):
        mine = due.filter(endpoint=endpoint).values_list("pk", flat=True)
        share = mine[: 1 if endpoint.is_failing else MAX_OF_AN_ENDPOINT]
        count += each(share, lambda number: enqueue(task, delivery_id=str(number)))
    return count
