"""Tasks of a few lines over actions; brandguard/celery.py has queues, limits and the schedule."""

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
    return webhooks.cancel_what_nobody_gets() + replay.continue_replays()
