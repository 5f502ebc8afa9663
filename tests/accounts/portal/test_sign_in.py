"""Signing up and in, with a second factor and without the password."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Membership, Organisation
from tests import factories

pytestmark = pytest.mark.django_db


def test_signing_in_leads_to_what_the_person_does(as_rita: Client, alice: User) -> None:
    client = Client()
    given = {"login": "alice", "password": "correct horse battery"}
    assert client.post(reverse("account_login"), given).headers["Location"] == reverse("home")
    assert client.get(reverse("home")).headers["Location"] == reverse("start")
    factories.view(factories.design(factories.brand(Organisation.objects.get(name="Acme"))))
    assert client.get(reverse("home")).headers["Location"] == reverse("brands")
    assert as_rita.get(reverse("home")).headers["Location"].startswith(reverse("alerts"))
    assert client.post(reverse("sign-out")).headers["Location"] == reverse("account_login")


ACCOUNT = {"email": "ines@meridian.example", "password1": "correct horse battery"}


def test_somebody_signs_up_and_founds_an_organisation() -> None:
    client = Client()
    there = client.post(reverse("account_signup"), ACCOUNT, follow=True)
    assert "Name of your organisation" in there.text
    start = client.post(reverse("new-organisation"), {"name": "Meridian"}, follow=True).text
    assert "Not verified yet" in start
    assert "1 of 6 done" in start
    founder = Membership.objects.get(organisation__name="Meridian")
    assert (founder.role, founder.user.email) == ("owner", ACCOUNT["email"])
    assert AuditEvent.objects.get(action="organisation.founded").actor == founder.user.username
    assert mail.outbox[0].to == [ACCOUNT["email"]]


def test_accounts_may_be_for_the_invited_alone(settings: Settings) -> None:
    settings.SIGN_UP = "invited"
    Client().post(reverse("account_signup"), ACCOUNT)
    assert not User.objects.filter(email=ACCOUNT["email"]).exists()


@pytest.fixture
def secret(alice: User) -> str:
    made = generate_totp_secret()
    TOTP.activate(alice, made)
    return str(made)


def test_who_has_a_second_factor_is_asked_for_it(alice: User, secret: str) -> None:
    client = Client()
    given = {"login": alice.username, "password": "correct horse battery"}
    there = client.post(reverse("account_login"), given)
    assert there.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("brands")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert secret


def test_the_administration_asks_for_it_too() -> None:
    answer = Client().get("/admin/login/?next=/admin/")
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_the_code_for_the_app_is_shown_under_a_policy_of_its_own(as_alice: Client) -> None:
    page = reverse("mfa_activate_totp")
    assert as_alice.get(page).status_code == 302  # the password once more, first
    as_alice.post(reverse("account_reauthenticate"), {"password": "correct horse battery"})
    answer = as_alice.get(page)
    assert answer.status_code == 200
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
    assert as_alice.get(reverse("mfa_index")).status_code == 200


def test_a_lost_password_is_set_anew_by_mail(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(email="alice@acme.example")
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "alice@acme.example"})
    body = mail.outbox[0].body
    link = next(word for word in body.split() if word.startswith("http://testserver/account/"))
    form = client.get(link.removeprefix("http://testserver"), follow=True)
    page = form.redirect_chain[-1][0]
    client.post(page, {"password1": "another good one 7", "password2": "another good one 7"})
    given = {"login": "alice@acme.example", "password": "another good one 7"}
    assert Client().post(reverse("account_login"), given).headers["Location"] == reverse("home")


def test_the_address_is_confirmed_by_the_mail() -> None:
    client = Client()
    client.post(reverse("account_signup"), ACCOUNT)
    body = mail.outbox[0].body
    link = next(word for word in body.split() if word.startswith("http://testserver/account/"))
    client.post(link.removeprefix("http://testserver"))
    assert EmailAddress.objects.get(email=ACCOUNT["email"]).verified
