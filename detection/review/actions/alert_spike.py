"""Detects a design that raises far too many alerts; from then on only people block what matches it."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import AuditEvent
from detection.intake.models import Listing
from detection.review.models import Alert
from fingerprints.models import Design

WINDOW = timedelta(hours=1)
MIN_ALERTS = 50  # within the window
FACTOR = 10  # times the forecast
FORECAST = 1 / 1000  # of all listings: the share of false alerts that calibration allows


def watch_for_alert_spike(design: Design) -> None:
    """Marks the design if its alerts spike. Runs in the transaction that raises an alert for the design;
    the design's page informs the owner.
    """
    if design.people_only_since:
        return
    since = timezone.now() - WINDOW
    raised = Alert.objects.filter(match__view__design=design, raised_at__gte=since).count()
    if raised <= MIN_ALERTS:
        return
    received = Listing.objects.published().filter(received_at__gte=since).count()
    if raised <= FACTOR * FORECAST * received:
        return
    if Design.objects.filter(pk=design.pk, people_only_since=None).update(
        people_only_since=timezone.now()
    ):
        AuditEvent.objects.record(
            "design.spiked", subject=design, by=None, raised=raised, received=received
        )
