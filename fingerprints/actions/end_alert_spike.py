"""Ends the alert spike of a design, after the operator has looked at what it matches."""

from django.db import transaction

from accounts.models import AuditEvent
from accounts.models.person import Person
from fingerprints.models import Brand, Design
from fingerprints.signals import enforcement_changed


def end_alert_spike(*, design: Design, by: Person) -> None:
    """Treats the design like all others again."""
    with transaction.atomic():
        if (
            Design.objects.filter(pk=design.pk)
            .exclude(people_only_since=None)
            .update(people_only_since=None)
        ):
            AuditEvent.objects.record("design.alert_spike_ended", subject=design, by=by)
            enforcement_changed.send(Brand, brand=design.brand)
