"""Grants and revokes licences, by which a brand lets a seller use it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.actions.claimant import claimant
from accounts.marketplaces import marketplaces
from accounts.models import AuditEvent, Organisation
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict, DomainError
from fingerprints.models import Brand, Design, Licence
from fingerprints.models.validity import over_on
from fingerprints.signals import enforcement_changed


class UnusableLicence(DomainError):
    code = "licence_unusable"


class AlreadyLicensed(Conflict):
    code = "already_licensed"


def grant_licence(  # noqa: PLR0913 - a licence has that many properties
    *,
    brand: Brand,
    marketplace: Organisation,
    seller_id: str,
    by: Person,
    valid_from: date | None = None,
    valid_until: date | None = None,
    design: Design | None = None,
) -> Licence:
    """Grants a licence from today on by default, and for all of the brand's designs without `design`.

    Raises NotYoursToClaim, UnusableLicence, AlreadyLicensed.
    """
    licence = Licence(
        brand=brand,
        design=design,
        marketplace=marketplace,
        seller_id=seller_id.strip(),
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
        granted_by=claimant(by, brand.organisation),
    )
    refuse_unusable(licence)
    with transaction.atomic():
        # Serialises each brand, so that two overlapping periods cannot be granted at once.
        Brand.objects.select_for_update().get(pk=brand.pk)
        refuse_overlapping(licence)
        licence.save()
        record("licence.granted", licence, by)
    return licence


def revoke_licence(*, licence: Licence, by: Person) -> Licence:
    """Revokes a licence; repeating changes nothing. Raises NotYoursToClaim."""
    with transaction.atomic():
        rows = Licence.objects.select_for_update(of=("self",))
        licence = rows.select_related("brand__organisation").get(pk=licence.pk)
        person = claimant(by, licence.brand.organisation)
        if licence.revoked_at is None:
            licence.revoke(person, timezone.now())
            record("licence.revoked", licence, by)
    return licence


def record(action: str, licence: Licence, by: Person) -> None:
    AuditEvent.objects.record(
        action,
        subject=licence,
        by=by,
        brand=str(licence.brand_id),
        design=str(licence.design_id or ""),
        marketplace=str(licence.marketplace_id),
        seller_id=licence.seller_id,
        valid_from=str(licence.valid_from),
        valid_until=str(licence.valid_until or ""),
    )
    enforcement_changed.send(Brand, brand=licence.brand)


def refuse_unusable(licence: Licence) -> None:
    """Raises UnusableLicence."""
    if not licence.seller_id:
        raise UnusableLicence(
            "The licence names no seller.",
            remedy="Send the marketplace's id of the seller.",
            field="seller_id",
        )
    if not marketplaces().filter(pk=licence.marketplace_id).exists():
        raise UnusableLicence(
            f"{licence.marketplace} is not a marketplace.",
            remedy="Choose the marketplace where the seller has that id.",
            field="marketplace",
        )
    if licence.valid_until and licence.valid_until < max(licence.valid_from, timezone.localdate()):
        raise UnusableLicence(
            "The licence ends before it begins or has already ended.",
            remedy="Send a last day that is not in the past and not before the first day.",
            field="valid_until",
        )
    if licence.design and licence.design.brand_id != licence.brand_id:
        raise UnusableLicence(
            "The design belongs to another brand.",
            remedy="Send a design of the brand, or none for all of them.",
            field="design",
        )


def refuse_overlapping(licence: Licence) -> None:
    """Raises AlreadyLicensed."""
    same = Licence.objects.filter(
        brand=licence.brand, design=licence.design, revoked_at=None
    ).of_seller(licence.marketplace, licence.seller_id)
    overlapping = same.exclude(over_on(licence.valid_from))
    if licence.valid_until:
        overlapping = overlapping.filter(valid_from__lte=licence.valid_until)
    if overlapping.exists():
        raise AlreadyLicensed(
            f"{licence} already has a licence for some of these days.",
            remedy="Revoke that one first, or choose other days.",
            field="seller_id",
        )
