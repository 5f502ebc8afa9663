"""What a marketplace chooses: which brand owners it admits, and what incomplete listings get."""

from django.contrib.auth.models import User
from django.db import transaction

from accounts.actions.claimant import is_staff, owns
from accounts.actions.mail import mail_owners
from accounts.models import AuditEvent, Marketplace, Organisation
from accounts.models.person import Person
from accounts.signals import claimant_changed
from brandguard.kernel.errors import DomainError


class NotYoursToAdmit(DomainError):
    code = "not_yours_to_admit"


class NoBrandOwner(DomainError):
    code = "no_brand_owner"


def may_admit(by: Person, marketplace: Marketplace) -> bool:
    return is_staff(by) or owns(by, marketplace.organisation)


def admit(*, marketplace: Marketplace, organisation: Organisation, by: User) -> None:
    """Admitting twice is the same as once. Raises NotYoursToAdmit, NoBrandOwner."""
    refuse_stranger(by, marketplace)
    if organisation.reviews or Marketplace.objects.filter(organisation=organisation).exists():
        raise NoBrandOwner(
            f"{organisation} owns no brands: it reviews or sells.",
            remedy="Choose the organisation of a brand owner.",
            field="organisation",
        )
    with transaction.atomic():
        held = Marketplace.objects.select_for_update().get(pk=marketplace.pk)
        if not held.admits.filter(pk=organisation.pk).exists():
            held.admits.add(organisation)
            record("marketplace.admitted", held, organisation, by)
            mail_owners(organisation, "admitted", marketplace=held)


def end_admission(*, marketplace: Marketplace, organisation: Organisation, by: User) -> None:
    """What is held for its brands there is released. Ending twice is the same as once.

    Raises NotYoursToAdmit.
    """
    refuse_stranger(by, marketplace)
    with transaction.atomic():
        held = Marketplace.objects.select_for_update().get(pk=marketplace.pk)
        if held.admits.filter(pk=organisation.pk).exists():
            held.admits.remove(organisation)
            record("marketplace.admission_ended", held, organisation, by)
            mail_owners(organisation, "admission_ended", marketplace=held)


def refuse_stranger(by: User, marketplace: Marketplace) -> None:
    if not may_admit(by, marketplace):
        raise NotYoursToAdmit(
            f"Only an owner of {marketplace}, or the operator's staff, admits brand owners to it.",
            remedy="Ask an owner of the marketplace.",
        )


def record(action: str, marketplace: Marketplace, organisation: Organisation, by: User) -> None:
    """Stored listings are judged anew: within the transaction of the change."""
    AuditEvent.objects.record(
        action,
        subject=organisation,
        by=by,
        marketplace=str(marketplace.pk),
        name=marketplace.name,
    )
    claimant_changed.send(Organisation, organisation=organisation)


def choose_incomplete(
    *, marketplace: Marketplace, choice: Marketplace.Incomplete, by: User
) -> None:
    """What is on offer is held or released by it within a minute. Raises NotYoursToAdmit."""
    refuse_stranger(by, marketplace)
    with transaction.atomic():
        held = Marketplace.objects.select_for_update().get(pk=marketplace.pk)
        if held.incomplete_listings == choice:
            return
        held.incomplete_listings = choice
        held.save(update_fields=["incomplete_listings"])
        AuditEvent.objects.record(
            "marketplace.incomplete_listings", subject=held, by=by, choice=choice
        )
