"""The operator has looked at a design that flagged far more than was forecast."""

from django.db import transaction

from fingerprints.models import AuditEvent, Brand, Design
from fingerprints.models.person import Person
from fingerprints.signals import claims_changed


def end_flood(*, design: Design, by: Person) -> None:
    """It is treated as all others again."""
    with transaction.atomic():
        if (
            Design.objects.filter(pk=design.pk)
            .exclude(people_only_since=None)
            .update(people_only_since=None)
        ):
            AuditEvent.objects.record("design.flood_ended", subject=design, by=by)
            claims_changed.send(Brand, brand=design.brand)
