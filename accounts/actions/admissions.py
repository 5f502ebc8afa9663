"""A marketplace's choices: which brand owners it admits, and what happens to incomplete listings."""

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
    """Admits a brand owner; repeating changes nothing. Raises NotYoursToAdmit, NoBrandOwner."""
    refuse_stranger(by, marketplace)
    if organisation.reviews or Marketplace.objects.filter(organisation=organisation).exists():
        raise NoBrandOwner(
            f"{organisation} is not a brand owner: it is the operator or a marketplace.",
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
    """Ends an admission and releases the listings held there for the owner's brands; repeating changes
    nothing. Raises NotYoursToAdmit.
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
            f"Only owners of {marketplace} and the operator's staff can admit brand owners to it.",
            remedy="Ask an owner of the marketplace.",
        )


def record(action: str, marketplace: Marketplace, organisation: Organisation, by: User) -> None:
    """Records the change in its transaction and announces it, so that stored listings are reassessed."""
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
    """Stores the choice; listings on offer are held or released within a minute. Raises NotYoursToAdmit."""
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
