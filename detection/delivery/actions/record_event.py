"""Records an event and its deliveries in the transaction that makes the event true."""

from typing import Any

from django.utils import timezone

from accounts.models import Marketplace
from brandguard.kernel.queueing import enqueue_on_commit
from detection.delivery.models import Delivery, Event, EventType, WebhookEndpoint


def record_event(
    *,
    marketplace: Marketplace,
    event_type: EventType,
    listing_external_id: str = "",
    sandbox: bool = False,
    payload: dict[str, Any],
) -> Event:
    """Stores the event and one delivery for each endpoint that wants it. If the broker is down, the sweep
    queues the deliveries later.
    """
    event = Event.objects.record(
        marketplace=marketplace,
        event_type=event_type,
        listing_external_id=listing_external_id,
        sandbox=sandbox,
        payload=payload,
    )
    for endpoint in WebhookEndpoint.objects.in_use().filter(
        marketplace=marketplace, sandbox=sandbox
    ):
        if endpoint.wants(event_type):
            send(event, endpoint)
    return event


def send(event: Event, endpoint: WebhookEndpoint) -> None:
    """Queues a delivery when the transaction commits; a failing endpoint's delivery waits for the sweep."""
    delivery = Delivery.objects.create(
        event=event, endpoint=endpoint, next_attempt_at=timezone.now()
    )
    if not endpoint.is_failing:
        queue_delivery(delivery)


def queue_delivery(delivery: Delivery) -> None:
    enqueue_on_commit("detection.delivery.tasks.deliver", delivery_id=str(delivery.pk))
