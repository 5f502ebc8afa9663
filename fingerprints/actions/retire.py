"""Retires a design or removes one of its views; it stops matching at once and everywhere."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from fingerprints.models import Brand, Design, DesignImage, Fingerprint, IndexChange
from fingerprints.signals import enforcement_changed


class LastView(Conflict):
    code = "last_view"


def retire_design(*, design: Design, by: Person) -> Design:
    """Retires a design; repeating changes nothing."""
    with transaction.atomic():
        design = Design.objects.select_for_update().get(pk=design.pk)
        if design.retired_at is None:
            design.retire(timezone.now())
            withdraw_from_index(Fingerprint.objects.filter(image__design=design))
            AuditEvent.objects.record("design.retired", subject=design, by=by)
            enforcement_changed.send(Brand, brand=design.brand)
    return design


def remove_view(*, view: DesignImage, by: Person) -> None:
    """Removes a view; repeating changes nothing. Raises LastView."""
    with transaction.atomic():
        # Locks the design first, as retiring and enrolling do.
        design = Design.objects.select_for_update().get(pk=view.design_id)
        held = DesignImage.objects.get(pk=view.pk)
        if held.state == DesignImage.State.REMOVED:
            return
        if is_last(held) and not design.retired_at:
            raise LastView(
                f"{held.name} is the only view of {design} that listings can be compared with.",
                remedy="Add another view and wait until it is enrolled, or retire the design.",
                field="view",
            )
        before, held.state = held.state, DesignImage.State.REMOVED
        held.save(update_fields=["state"])
        withdraw_from_index(Fingerprint.objects.filter(image=held))
        held.replacements.filter(state=DesignImage.State.PENDING).update(
            state=DesignImage.State.REMOVED
        )
        remove_replaced(held)
        AuditEvent.objects.record(
            "view.removed", subject=held, by=by, design=str(design.pk), name=held.name, was=before
        )
        enforcement_changed.send(Brand, brand=design.brand)


def remove_replaced(view: DesignImage) -> None:
    """Removes the views that this one replaced, which are the same picture."""
    former = view.replaces
    while former and former.state == DesignImage.State.REPLACED:
        former.state = DesignImage.State.REMOVED
        former.save(update_fields=["state"])
        former = former.replaces


def is_last(view: DesignImage) -> bool:
    """Whether the view is the last enrolled one (a pending one may yet be refused) or, if none is
    enrolled, the last pending one.
    """
    usable = view.design.images.usable().exclude(pk=view.pk)
    if view.state == DesignImage.State.ENROLLED:
        return not usable.filter(state=DesignImage.State.ENROLLED).exists()
    return view.state == DesignImage.State.PENDING and not usable.exists()


def withdraw_from_index(fingerprints: QuerySet[Fingerprint]) -> None:
    by_generation: dict[str, list[int]] = {}
    for generation, number in fingerprints.values_list("generation", "pk"):
        by_generation.setdefault(generation, []).append(number)
    for generation, numbers in by_generation.items():
        IndexChange.objects.record(IndexChange.Operation.REMOVE, generation, numbers)
