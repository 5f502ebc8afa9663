"""The team's page: invitations, roles and organisations."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organisation
from tests import factories
from tests.accounts.scenes import OWNER, PLAN

pytestmark = pytest.mark.django_db


def test_a_taken_name_says_whom_to_ask(acme: Organisation) -> None:
    client = factories.signed_in(factories.user("ines"))
    answer = client.post(reverse("new-organisation"), {"name": acme.name})
    assert answer.status_code == 422
    assert "ask one of its owners to invite you" in answer.text


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
    assert "New invitation" not in page
    hers = Membership.objects.get(user=alice)
    as_bob.post(reverse("change-member", args=[acme.pk, hers.pk]), {"role": "none"})
    assert Membership.objects.filter(user=alice).exists()


def test_a_stranger_finds_no_team(acme: Organisation, as_charlie: Client) -> None:
    assert as_charlie.get(reverse("team", args=[acme.pk])).status_code == 404
    assert as_charlie.post(reverse("invite", args=[acme.pk]), PLAN).status_code == 404
