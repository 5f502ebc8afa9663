"""Who joins and leaves an organisation, and who decides it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
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

pytestmark = pytest.mark.django_db
MEMBER, OWNER, REVIEWER = Membership.Role.MEMBER, Membership.Role.OWNER, Membership.Role.REVIEWER
PLAN: dict[str, Any] = {"email": "ines@acme.example", "role": MEMBER}


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


def test_the_page_invites_by_mail_and_the_link_joins(acme: Organisation, as_alice: Client) -> None:
    as_alice.post(reverse("invite", args=[acme.pk]), PLAN)
    assert "ines@acme.example" in as_alice.get(reverse("team", args=[acme.pk])).text
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    page = link.removeprefix("http://testserver")
    assert "Sign up" in Client().get(page).text
    client = factories.signed_in(factories.user("ines"))
    assert "Join Acme" in client.get(page).text
    client.post(page)
    assert Membership.objects.get(user__username="ines").organisation == acme
    assert Client().get(page).status_code == 410


def test_a_mail_that_cannot_be_sent_leaves_the_link(
    acme: Organisation, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    page = as_alice.post(reverse("invite", args=[acme.pk]), PLAN, follow=True).text
    assert "http://testserver/invitations/" in page


def test_roles_are_changed_and_people_removed(
    acme: Organisation, as_alice: Client, bob: User
) -> None:
    his = Membership.objects.get(user=bob)
    page = reverse("change-member", args=[acme.pk, his.pk])
    as_alice.post(page, {"role": "owner"})
    his.refresh_from_db()
    assert his.role == OWNER
    as_alice.post(page, {"role": "none"})
    assert not Membership.objects.filter(user=bob).exists()


def test_a_member_sees_the_team_and_changes_nothing(
    acme: Organisation, alice: User, as_bob: Client
) -> None:
    page = as_bob.get(reverse("team", args=[acme.pk])).text
    assert "alice" in page
    assert "Invite somebody" not in page
    hers = Membership.objects.get(user=alice)
    as_bob.post(reverse("change-member", args=[acme.pk, hers.pk]), {"role": "none"})
    assert Membership.objects.filter(user=alice).exists()


def test_a_stranger_finds_no_team(acme: Organisation, as_charlie: Client) -> None:
    assert as_charlie.get(reverse("team", args=[acme.pk])).status_code == 404
    assert as_charlie.post(reverse("invite", args=[acme.pk]), PLAN).status_code == 404
