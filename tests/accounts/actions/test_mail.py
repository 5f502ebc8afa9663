"""Owners are told by mail of what changes for them."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.actions.mail import mail_owners, send_mails
from accounts.actions.verify import verify_organisation
from accounts.models import Mail, Organisation
from accounts.models.mail import MAX_ATTEMPTS
from fingerprints.actions.expire import expire_rights
from fingerprints.actions.rights import verify_right, withdraw_right
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "alice@acme.example"


@pytest.fixture(autouse=True)
def _address(alice: User, bob: User) -> None:
    """Bob has one too, and owns nothing."""
    User.objects.filter(pk=alice.pk).update(email=ADDRESS)
    User.objects.filter(pk=bob.pk).update(email="bob@acme.example")


def subjects() -> list[str]:
    written = Mail.objects.filter(to=ADDRESS).order_by("pk").values_list("subject", flat=True)
    assert Mail.objects.count() == len(written)
    return [subject.split(" / ")[0] for subject in written]


def test_an_organisation_s_owners_hear_that_it_is_verified() -> None:
    young = factories.organisation("Young", verified=False)
    factories.member(young, "yara", role="owner")
    User.objects.filter(username="yara").update(email=ADDRESS)
    for _ in range(2):
        verify_organisation(organisation=young, by=factories.staff(), note="Known.")
    assert subjects() == ["Young is verified"]


def test_what_becomes_of_a_right_is_told(brand: Brand, alice: User) -> None:
    right = factories.right(brand, verified=False, number="018000001")
    verify_right(right=right, by=factories.staff())
    withdraw_right(right=right, by=alice)
    factories.right(brand, number="2", valid_until=date(2021, 1, 1))
    expire_rights(today=date(2021, 1, 2))
    assert subjects() == [
        "Verified for Fizz: trade mark EUIPO 018000001",
        "Withdrawn for Fizz: trade mark EUIPO 018000001",
        "Expired for Fizz: trade mark EUIPO 2",
    ]


def test_a_mail_is_sent_once_in_every_language(acme: Organisation) -> None:
    mail_owners(acme, "organisation_verified")
    for _ in range(2):
        send_mails()
    (sent,) = mail.outbox
    assert sent.to == [ADDRESS]
    assert "The operator has verified your organisation." in sent.body
    assert "运营方已核验您的组织" in sent.body
    assert Mail.objects.get().sent_at


def test_a_mail_that_is_not_taken_waits_and_is_given_up_in_the_end(
    acme: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: EmailMessage) -> None:
        raise ConnectionRefusedError("nobody listens")

    mail_owners(acme, "organisation_verified")
    monkeypatch.setattr(EmailMessage, "send", refuse)
    send_mails()
    waiting = Mail.objects.get()
    assert (waiting.attempts, waiting.sent_at) == (1, None)
    assert "nobody listens" in waiting.error
    assert waiting.next_attempt_at
    assert waiting.next_attempt_at > timezone.now()
    for _ in range(MAX_ATTEMPTS):
        Mail.objects.filter(sent_at=None).exclude(next_attempt_at=None).update(
            next_attempt_at=timezone.now() - timedelta(seconds=1)
        )
        send_mails()
    given_up = Mail.objects.get()
    assert (given_up.attempts, given_up.next_attempt_at) == (MAX_ATTEMPTS, None)
