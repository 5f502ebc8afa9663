"""Queues designs again whose worker was killed."""

from datetime import timedelta

from django.utils import timezone

from brandguard.kernel.queueing import ENROL, HARD_LIMIT, enqueue, waiting
from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from fingerprints.models import Design

# Longer than a task may take; a second worker at the same design would be harmless but useless.
LOST_AFTER = timedelta(seconds=HARD_LIMIT + 30)


def requeue_designs() -> int:
    """Returns how many. While a task waits at the broker, pending views may be its own: then none is queued."""
    if waiting(ENROL):
        return 0
    now = timezone.now()

    def requeue(design: Design) -> None:
        Design.objects.filter(pk=design.pk).update(queued_at=now)
        enqueue("fingerprints.tasks.enrol_design", design_id=str(design.pk))

    left = Design.objects.awaiting_enrolment().filter(queued_at__lt=now - LOST_AFTER)
    return each(left.order_by("queued_at")[:MAX_A_SWEEP], requeue)
