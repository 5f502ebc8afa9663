"""Creates organisations, and lets people join and leave them."""

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
    """Creates an unverified organisation, owned by its founder. Raises OrganisationNameTaken."""
    with transaction.atomic():
        organisation, is_new = Organisation.objects.get_or_create(name=name)
        if not is_new:
            raise OrganisationNameTaken(
                f"There is already an organisation called {name!r}.",
                remedy="If it is yours, ask one of its owners to invite you. If not, choose another name.",
                field="name",
            )
        Membership.objects.create(organisation=organisation, user=by, role=Membership.Role.OWNER)
        AuditEvent.objects.record("organisation.founded", subject=organisation, by=by)
    return organisation


def roles_of(organisation: Organisation) -> list[Membership.Role]:
    """Returns the possible roles; only the operator and marketplaces have reviewers."""
    reviews = organisation.reviews or marketplaces().filter(pk=organisation.pk).exists()
    return [role for role in Membership.Role if reviews or role != Membership.Role.REVIEWER]


def invite(
    *, organisation: Organisation, email: str, role: Membership.Role, by: User
) -> tuple[Invitation, str]:
    """Returns an invitation and the token for its link. A new invitation of the same e-mail address
    replaces the earlier one, whose link stops working.

    Raises NotYoursToManage, RoleDoesNotFit, AlreadyMember.
    """
    manager(by, organisation)
    refuse_unfit(role, organisation)
    email = email.strip().lower()
    members = Membership.objects.filter(organisation=organisation, user__email__iexact=email)
    if members.exists():
        raise AlreadyMember(
            f"{email} is already a member.", remedy="Change the role instead.", field="email"
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
    """Makes the user a member; an existing member keeps the role. Raises InvitationOver."""
    now = timezone.now()
    with transaction.atomic():
        open_ones = Invitation.objects.select_for_update().standing(now).opened_by(token)
        invitation = open_ones.select_related("organisation").first()
        if invitation is None:
            raise InvitationOver(
                "This invitation was used or withdrawn, or it is older than a week.",
                remedy="Ask for a new invitation.",
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
    """Locks the organisation, so that two owners cannot remove each other at once."""
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    manager(by, organisation)
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def manager(by: User, organisation: Organisation) -> None:
    if not owns(by, organisation):
        raise NotYoursToManage(
            f"Only an owner of {organisation} can change its members.",
            remedy="Ask an owner of the organisation.",
        )


def refuse_unfit(role: Membership.Role, organisation: Organisation) -> None:
    if role not in roles_of(organisation):
        raise RoleDoesNotFit(
            f"{organisation} cannot have reviewers, because it is neither the operator nor a marketplace.",
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
