"""Brands are made and changed; from which similarity on they restrict a listing is on record."""

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
            f"Listings cannot be blocked from {brand.block_threshold} on when they are held from "
            f"{brand.review_threshold} on.",
            remedy=f"Choose {brand.review_threshold} to 100 to block from, or hold from less.",
            field="block_threshold",
        )


def create_brand(*, organisation: Organisation, name: str, by: Person, **thresholds: Any) -> Brand:
    """Thresholds that are not said are the usual ones; one that holds later than the usual block
    blocks no earlier than that. Raises NameTaken, ThresholdsCrossed.
    """
    usual = Brand(**thresholds)
    if "block_threshold" not in thresholds:
        usual.block_threshold = max(usual.block_threshold, usual.review_threshold)
    refuse_crossed(usual)
    chosen = {field: getattr(usual, field) for field in THRESHOLDS}
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
        # One at a time an organisation: two brands cannot take one name at once.
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
    """Within the transaction of the change, which is another one's to make."""
    AuditEvent.objects.record("brand.changed", subject=brand, by=by, before=before, after=after)
    if any(before.get(name) != after.get(name) for name in THRESHOLDS):
        enforcement_changed.send(Brand, brand=brand)


def refuse_crossed(brand: Brand) -> None:
    if brand.block_threshold < brand.review_threshold:
        raise ThresholdsCrossed(brand)
