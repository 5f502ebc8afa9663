"""Organisations are founded, and people join and leave them."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accounts.actions.claimant import owns
from accounts.marketplaces import marketplaces
from accounts.models import AuditEvent, Invitation, Membership, Organisation
from brandguard.kernel.errors import Conflict, DomainError

VALID_FOR = timedelta(days=7)


class OrganisationNameTaken(DomainError):
    code = "name_taken"


class NotYoursToManage(DomainError):
    code = "not_yours_to_manage"


class RoleDoesNotFit(DomainError):
    code = "role_does_not_fit"


class AlreadyMember(DomainError):
    code = "already_member"


class InvitationOver(Conflict):
    code = "invitation_over"


class LastOwner(Conflict):
    code = "last_owner"


def found_organisation(*, name: str, by: User) -> Organisation:
    """Its founder owns it. Nobody has verified it yet. Raises OrganisationNameTaken."""
    with transaction.atomic():
        organisation, is_new = Organisation.objects.get_or_create(name=name)
        if not is_new:
            raise OrganisationNameTaken(
                f"There is an organisation called {name!r} already.",
                remedy="If it is yours, ask one of its owners to invite you; or choose another name.",
                field="name",
            )
        Membership.objects.create(organisation=organisation, user=by, role=Membership.Role.OWNER)
        AuditEvent.objects.record("organisation.founded", subject=organisation, by=by)
    return organisation


def roles_of(organisation: Organisation) -> list[Membership.Role]:
    """Reviewers only where there is something for them to review."""
    reviews = organisation.reviews or marketplaces().filter(pk=organisation.pk).exists()
    return [role for role in Membership.Role if reviews or role != Membership.Role.REVIEWER]


def invite(
    *, organisation: Organisation, email: str, role: Membership.Role, by: User
) -> tuple[Invitation, str]:
    """With what the link carries. Asking the same address again replaces the earlier invitation,
    whose link then opens nothing. Raises NotYoursToManage, RoleDoesNotFit, AlreadyMember.
    """
    manager(by, organisation)
    refuse_unfit(role, organisation)
    email = email.strip().lower()
    members = Membership.objects.filter(organisation=organisation, user__email__iexact=email)
    if members.exists():
        raise AlreadyMember(
            f"{email} is a member already.", remedy="Change the role instead.", field="email"
        )
    with transaction.atomic():
        Invitation.objects.filter(organisation=organisation, email=email, accepted_at=None).delete()
        invitation = Invitation(
            organisation=organisation,
            email=email,
            role=role,
            invited_by=by,
            expires_at=timezone.now() + VALID_FOR,
        )
        token = invitation.set_token()
        invitation.save()
        AuditEvent.objects.record(
            "invitation.sent", subject=organisation, by=by, email=email, role=role
        )
    return invitation, token


def accept_invitation(*, token: str, by: User) -> Membership:
    """Who is a member already stays what they are. Raises InvitationOver."""
    now = timezone.now()
    with transaction.atomic():
        open_ones = Invitation.objects.select_for_update().standing(now).opened_by(token)
        invitation = open_ones.select_related("organisation").first()
        if invitation is None:
            raise InvitationOver(
                "This invitation was used, withdrawn, or is older than a week.",
                remedy="Ask for another one.",
                field="token",
            )
        membership, is_new = Membership.objects.get_or_create(
            organisation=invitation.organisation, user=by, defaults={"role": invitation.role}
        )
        invitation.accepted_at, invitation.accepted_by = now, by
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        if is_new:
            AuditEvent.objects.record(
                "member.joined", subject=invitation.organisation, by=by, role=membership.role
            )
    return membership


def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """Raises NotYoursToManage."""
    manager(by, invitation.organisation)
    with transaction.atomic():
        if Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()[0]:
            AuditEvent.objects.record(
                "invitation.withdrawn",
                subject=invitation.organisation,
                by=by,
                email=invitation.email,
            )


def change_role(*, membership: Membership, role: Membership.Role, by: User) -> None:
    """Raises NotYoursToManage, RoleDoesNotFit, LastOwner."""
    refuse_unfit(role, membership.organisation)
    with transaction.atomic():
        held = hold(membership, by)
        if role != Membership.Role.OWNER:
            refuse_last_owner(held)
        before, held.role = held.role, role
        held.save(update_fields=["role"])
        AuditEvent.objects.record(
            "member.role_changed", subject=held.organisation, by=by,
            member=held.user.get_username(), before=before, after=role,
        )  # fmt: skip


def remove_member(*, membership: Membership, by: User) -> None:
    """Raises NotYoursToManage, LastOwner."""
    with transaction.atomic():
        held = hold(membership, by)
        refuse_last_owner(held)
        AuditEvent.objects.record(
            "member.removed",
            subject=held.organisation,
            by=by,
            member=held.user.get_username(),
        )
        held.delete()


def hold(membership: Membership, by: User) -> Membership:
    """With its organisation locked, so that two owners cannot remove each other at once."""
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    manager(by, organisation)
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def manager(by: User, organisation: Organisation) -> None:
    if not owns(by, organisation):
        raise NotYoursToManage(
            f"Only an owner of {organisation} changes who belongs to it.",
            remedy="Ask an owner of the organisation.",
        )


def refuse_unfit(role: Membership.Role, organisation: Organisation) -> None:
    if role not in roles_of(organisation):
        raise RoleDoesNotFit(
            f"{organisation} reviews nothing, so it has no reviewers.",
            remedy="Choose owner or member.",
            field="role",
        )


def refuse_last_owner(membership: Membership) -> None:
    owners = Membership.objects.filter(
        organisation=membership.organisation_id, role=Membership.Role.OWNER
    )
    if not owners.exclude(pk=membership.pk).exists():
        raise LastOwner(
            f"{membership.user.get_username()} is the last owner of {membership.organisation}.",
            remedy="Make somebody else an owner first.",
            field="role",
        )
