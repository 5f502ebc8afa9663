"""Tasks of a few lines over actions; brandguard/celery.py has queues, limits and the schedule."""

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from brandguard.kernel.queueing import ENROL, HARD_LIMIT, RetriedTask, enqueue, waiting
from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from fingerprints.models import Design

logger = logging.getLogger(__name__)
# Longer than a task may take; a second worker at the same design would be harmless but useless.
LOST_AFTER = timedelta(seconds=HARD_LIMIT + 30)


@shared_task(base=RetriedTask)
def enrol_design(*, design_id: str, **_: Any) -> None:
    from fingerprints.actions.enrol import enrol_design as enrol
    from vision.channels.registry import load_channels
    from vision.encoders.catalogue import load_encoder

    design = Design.objects.awaiting_enrolment().filter(pk=design_id).first()
    if design:
        enrol(design=design, encoder=load_encoder(settings.ENCODER), channels=load_channels())


@shared_task
def requeue_designs(**_: Any) -> int:
    """Queues designs again whose worker was killed: no task waits at the broker, but views are pending."""
    if waiting(ENROL):
        return 0
    now = timezone.now()

    def requeue(design: Design) -> None:
        Design.objects.filter(pk=design.pk).update(queued_at=now)
        enqueue("fingerprints.tasks.enrol_design", design_id=str(design.pk))

    left = Design.objects.awaiting_enrolment().filter(queued_at__lt=now - LOST_AFTER)
    return each(left.order_by("queued_at")[:MAX_A_SWEEP], requeue)


@shared_task
def expire_rights(**_: Any) -> int:
    from fingerprints.actions import expire

    today = timezone.localdate()
    return expire.expire_rights(today=today) + expire.announce_new_day(today=today)


@shared_task
def save_index_snapshot(**_: Any) -> None:
    from fingerprints.index.live import live_indexes

    for index in live_indexes():
        try:
            index.save()
        except OSError:  # nothing is lost, and the other index must not wait
            logger.exception("The snapshot in %s could not be written.", index.folder)


@shared_task
def discard_old_tables(**_: Any) -> int:
    """Deletes uploaded tables that nobody confirmed."""
    from fingerprints.actions import sent_tables

    return sent_tables.discard_old_tables(now=timezone.now())
