"""Who joins and leaves an organisation, and who decides it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from accounts.actions.team import (
    AlreadyMember,
    InvitationOver,
    LastOwner,
    NotYoursToManage,
    RoleDoesNotFit,
    accept_invitation,
    change_role,
    invite,
    remove_member,
)
from accounts.models import Invitation, Membership, Organisation
from brandguard.kernel.errors import DomainError
from tests import factories
from tests.accounts.scenes import MEMBER, OWNER, PLAN, REVIEWER

pytestmark = pytest.mark.django_db


def test_an_invitation_lets_somebody_in_once(acme: Organisation, alice: User) -> None:
    _, token = invite(organisation=acme, by=alice, **PLAN)
    assert accept_invitation(token=token, by=factories.user("ines")).role == MEMBER
    with pytest.raises(InvitationOver):
        accept_invitation(token=token, by=factories.user("mallory"))


def test_it_ends_after_a_week(acme: Organisation, alice: User) -> None:
    _, token = invite(organisation=acme, by=alice, **PLAN)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationOver):
        accept_invitation(token=token, by=factories.user("ines"))


def test_asking_again_replaces_the_link(acme: Organisation, alice: User) -> None:
    _, earlier = invite(organisation=acme, by=alice, **PLAN)
    invite(organisation=acme, by=alice, **PLAN)
    with pytest.raises(InvitationOver):
        accept_invitation(token=earlier, by=factories.user("ines"))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"role": REVIEWER}, RoleDoesNotFit),  # a brand owner has nothing to review
        ({"email": "alice@acme.example"}, AlreadyMember),
        ({"by": "bob"}, NotYoursToManage),  # a member, not an owner
        ({"by": "charlie"}, NotYoursToManage),
    ],
)
def test_what_is_refused(
    changes: dict[str, Any],
    refusal: type[DomainError],
    acme: Organisation,
    alice: User,
    bob: User,
    charlie: User,
) -> None:
    User.objects.filter(pk=alice.pk).update(email="alice@acme.example")
    people = {"alice": alice, "bob": bob, "charlie": charlie}
    asked = PLAN | {"by": "alice"} | changes
    with pytest.raises(refusal):
        invite(organisation=acme, **asked | {"by": people[asked["by"]]})


def test_the_operator_and_marketplaces_have_reviewers(rita: User) -> None:
    operator = factories.operator()
    Membership.objects.filter(user=rita).update(role=OWNER)
    invitation, _ = invite(organisation=operator, email="rob@o.example", role=REVIEWER, by=rita)
    assert invitation.role == REVIEWER


def test_an_organisation_keeps_an_owner(acme: Organisation, alice: User) -> None:
    mine = Membership.objects.get(user=alice)
    with pytest.raises(LastOwner):
        change_role(membership=mine, role=MEMBER, by=alice)
    with pytest.raises(LastOwner):
        remove_member(membership=mine, by=alice)
