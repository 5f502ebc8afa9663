"""Tasks of a few lines over actions; brandguard/celery.py has queues, limits and the schedule."""

from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from brandguard.kernel.queueing import RetriedTask
from fingerprints.models import Design


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
    from fingerprints.actions import requeue

    return requeue.requeue_designs()


@shared_task
def expire_rights(**_: Any) -> int:
    from fingerprints.actions import expire

    today = timezone.localdate()
    return expire.expire_rights(today=today) + expire.announce_new_day(today=today)


@shared_task
def save_index_snapshot(**_: Any) -> None:
    from fingerprints.index.live import save_snapshots

    save_snapshots()


@shared_task
def discard_old_tables(**_: Any) -> int:
    """Deletes uploaded tables that nobody confirmed."""
    from fingerprints.actions import sent_tables

    return sent_tables.discard_old_tables(now=timezone.now())
