"""A design stops matching, at once and everywhere."""

from django.db import transaction
from django.utils import timezone

from fingerprints.models import AuditEvent, Brand, Design, Fingerprint, IndexChange
from fingerprints.models.person import Person
from fingerprints.signals import claims_changed


def retire_design(*, design: Design, by: Person) -> Design:
    """Retiring twice is the same as once."""
    with transaction.atomic():
        design = Design.objects.select_for_update().get(pk=design.pk)
        if design.retired_at is None:
            design.retire(timezone.now())
            withdraw_from_index(design)
            AuditEvent.objects.record("design.retired", subject=design, by=by)
            claims_changed.send(Brand, brand=design.brand)
    return design


def withdraw_from_index(design: Design) -> None:
    rows = Fingerprint.objects.filter(image__design=design).values_list("generation", "pk")
    by_generation: dict[str, list[int]] = {}
    for generation, number in rows:
        by_generation.setdefault(generation, []).append(number)
    for generation, numbers in by_generation.items():
        IndexChange.objects.record(IndexChange.Operation.REMOVE, generation, numbers)
