"""Brands are made and changed; from which similarity on they hold a listing is on record."""

from typing import Any

from django.db import transaction

from brandguard.faults import Fault
from fingerprints.models import AuditEvent, Brand, Organisation
from fingerprints.models.person import Person


class NameTaken(Fault):
    code = "name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The organisation already has a brand called {name!r}.",
            remedy="Choose another name.",
            field="name",
        )


def create_brand(
    *, organisation: Organisation, name: str, by: Person, review_threshold: int = 85
) -> Brand:
    """Raises NameTaken."""
    with transaction.atomic():
        brand, is_new = Brand.objects.get_or_create(
            organisation=organisation, name=name, defaults={"review_threshold": review_threshold}
        )
        if not is_new:
            raise NameTaken(name)
        AuditEvent.objects.record(
            "brand.created", subject=brand, by=by, review_threshold=review_threshold
        )
    return brand


def change_brand(*, brand: Brand, by: Person, **fields: Any) -> Brand:
    """Raises NameTaken."""
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
        brand.save()
        AuditEvent.objects.record(
            "brand.changed", subject=brand, by=by, before=before, after=fields
        )
    return brand
