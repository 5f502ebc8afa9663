"""Creates and changes brands, with an audit record of the similarities at which they restrict listings."""

from typing import Any

from django.db import transaction

from accounts.models import AuditEvent, Organisation
from accounts.models.person import Person
from brandguard.kernel.errors import DomainError
from fingerprints.models import Brand
from fingerprints.signals import enforcement_changed

THRESHOLDS = ("review_threshold", "block_threshold", "blocks_without_review")


class NameTaken(DomainError):
    code = "name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The organisation already has a brand called {name!r}.",
            remedy="Choose another name.",
            field="name",
        )


class ThresholdsCrossed(DomainError):
    code = "thresholds_crossed"

    def __init__(self, brand: Brand) -> None:
        super().__init__(
            f"Listings cannot be blocked from a similarity of {brand.block_threshold} when they are "
            f"held only from {brand.review_threshold}.",
            remedy=f"Choose a block threshold of {brand.review_threshold} to 100, or a lower review "
            "threshold.",
            field="block_threshold",
        )


def create_brand(*, organisation: Organisation, name: str, by: Person, **thresholds: Any) -> Brand:
    """Creates a brand. Missing thresholds get their defaults; a missing block threshold is at least the
    review threshold. Raises NameTaken, ThresholdsCrossed.
    """
    draft = Brand(**thresholds)
    if "block_threshold" not in thresholds:
        draft.block_threshold = max(draft.block_threshold, draft.review_threshold)
    refuse_crossed(draft)
    chosen = {field: getattr(draft, field) for field in THRESHOLDS}
    with transaction.atomic():
        brand, is_new = Brand.objects.get_or_create(
            organisation=organisation, name=name, defaults=chosen
        )
        if not is_new:
            raise NameTaken(name)
        AuditEvent.objects.record("brand.created", subject=brand, by=by, **chosen)
    return brand


def change_brand(*, brand: Brand, by: Person, **fields: Any) -> Brand:
    """Raises NameTaken, ThresholdsCrossed."""
    with transaction.atomic():
        # Serialises each organisation, so that two brands cannot take one name at once.
        Organisation.objects.select_for_update().get(pk=brand.organisation_id)
        brand = Brand.objects.get(pk=brand.pk)
        others = Brand.objects.filter(organisation=brand.organisation_id).exclude(pk=brand.pk)
        if others.filter(name=fields.get("name", brand.name)).exists():
            raise NameTaken(fields["name"])
        before = {name: getattr(brand, name) for name in fields}
        for name, value in fields.items():
            setattr(brand, name, value)
        refuse_crossed(brand)
        brand.save()
        record_change(brand=brand, by=by, before=before, after=fields)
    return brand


def record_change(
    *, brand: Brand, by: Person, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Records a change in the caller's transaction, which makes the change."""
    AuditEvent.objects.record("brand.changed", subject=brand, by=by, before=before, after=after)
    if any(before.get(name) != after.get(name) for name in THRESHOLDS):
        enforcement_changed.send(Brand, brand=brand)


def refuse_crossed(brand: Brand) -> None:
    if brand.block_threshold < brand.review_threshold:
        raise ThresholdsCrossed(brand)
