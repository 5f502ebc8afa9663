"""The operator's staff vouches for an organisation; from then on its designs restrict listings."""

from django.db import transaction
from django.utils import timezone

from brandguard.faults import Fault
from fingerprints.actions.mail import mail_owners
from fingerprints.models import AuditEvent, Brand, Membership, Organisation
from fingerprints.models.person import Person
from fingerprints.signals import claims_changed


class NotYoursToVerify(Fault):
    code = "not_yours_to_verify"


def verify_organisation(*, organisation: Organisation, by: Person) -> None:
    """Verifying twice is the same as once. Raises NotYoursToVerify."""
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if not getattr(by, "is_staff", False) or (
            Membership.objects.of(by).filter(organisation=organisation).exists()
        ):
            raise NotYoursToVerify(
                f"{organisation} cannot be verified by one of its own members.",
                remedy="Ask another member of the operator's staff.",
            )
        if organisation.is_verified:
            return
        organisation.verified_at = timezone.now()
        organisation.verified_by_id = by.pk
        organisation.save(update_fields=["verified_at", "verified_by"])
        AuditEvent.objects.record("organisation.verified", subject=organisation, by=by)
        mail_owners(organisation, "organisation_verified")
        for brand in organisation.brands.all():
            claims_changed.send(Brand, brand=brand)
