"""An event, and what is to be delivered of it, within the transaction that made it true."""

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
    """A broker that is away is made up for by the sweep."""
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
    """As soon as the transaction is committed; where it keeps failing, when the sweep comes to it."""
    delivery = Delivery.objects.create(
        event=event, endpoint=endpoint, next_attempt_at=timezone.now()
    )
    if not endpoint.is_failing:
        queue_delivery(delivery)


def queue_delivery(delivery: Delivery) -> None:
    enqueue_on_commit("detection.delivery.tasks.deliver", delivery_id=str(delivery.pk))
