"""One bad design must not drown the queue, nor block by itself: then people alone judge it."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import AuditEvent
from detection.intake.models import Listing
from detection.review.models import Alert
from fingerprints.models import Design

WINDOW = timedelta(hours=1)
LEAST = 50  # alerts within the window
TIMES = 10  # as many as were forecast
FORECAST = 1 / 1000  # of all listings: what calibration allows unrelated ones to be flagged


def watch_for_alert_spike(design: Design) -> None:
    """Within the transaction that raised an alert for it. Its page tells the owner."""
    if design.people_only_since:
        return
    since = timezone.now() - WINDOW
    raised = Alert.objects.filter(match__view__design=design, raised_at__gte=since).count()
    if raised <= LEAST:
        return
    received = Listing.objects.published().filter(received_at__gte=since).count()
    if raised <= TIMES * FORECAST * received:
        return
    if Design.objects.filter(pk=design.pk, people_only_since=None).update(
        people_only_since=timezone.now()
    ):
        AuditEvent.objects.record(
            "design.spiked", subject=design, by=None, raised=raised, received=received
        )
