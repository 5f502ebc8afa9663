"""Tasks of the delivery slice; brandguard/celery.py has the queues, limits and schedule."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from detection.delivery.actions import replay, webhooks
from detection.delivery.actions.deliver import deliver as attempt
from detection.delivery.actions.deliver import sweep_deliveries as sweep
from detection.delivery.models import Delivery


@shared_task
def deliver(*, delivery_id: str, **_: Any) -> None:
    rows = Delivery.objects.select_related("event", "endpoint")
    delivery = rows.due(timezone.now()).filter(pk=delivery_id).first()
    if delivery:
        attempt(delivery=delivery)


@shared_task
def sweep_deliveries(**_: Any) -> int:
    return sweep()


@shared_task
def continue_replays(**_: Any) -> int:
    return webhooks.cancel_orphaned_deliveries() + replay.continue_replays()
