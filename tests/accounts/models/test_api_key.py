"""API keys: only a hash is kept, and who holds the secret gets in."""

import hashlib

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import ApiKey, Organisation
from tests.fingerprints.rows import NOW, key


def parts(whole: str) -> tuple[str, str]:
    _, prefix, secret = whole.split("_", 2)
    return prefix, secret


@pytest.mark.django_db
def test_only_the_hash_of_a_key_is_kept() -> None:
    made = key()
    whole = made.set_secret()
    made.save()
    prefix, secret = parts(whole)
    [row] = ApiKey.objects.values()
    assert not [value for value in row.values() if secret in str(value)]
    assert row["prefix"] == prefix
    assert row["secret_sha256"] == hashlib.sha256(secret.encode()).hexdigest()


@pytest.mark.django_db
def test_a_key_opens_with_its_own_secret_only() -> None:
    made = key()
    _, secret = parts(made.set_secret())
    _, another = parts(ApiKey().set_secret())
    assert made.opens_with(secret)
    assert not made.opens_with(another)
    assert not made.opens_with(secret[:-1])
    assert not made.opens_with("")


def test_every_secret_is_new() -> None:
    assert len({ApiKey().set_secret() for _ in range(50)}) == 50


@pytest.mark.django_db
def test_a_prefix_belongs_to_one_key() -> None:
    one = key()
    one.save()
    other = ApiKey(organisation=one.organisation, user=one.user, scope="designs", prefix=one.prefix)
    with pytest.raises(IntegrityError):
        other.save()


@pytest.mark.django_db
def test_a_revoked_key_is_no_longer_usable() -> None:
    made = key()
    made.save()
    assert list(ApiKey.objects.usable()) == [made]
    made.revoke(NOW)
    assert not ApiKey.objects.usable().exists()


@pytest.mark.django_db
def test_revoking_again_keeps_the_first_time() -> None:
    made = key()
    made.save()
    made.revoke(NOW)
    made.revoke(timezone.now())
    made.refresh_from_db()
    assert made.revoked_at == NOW


def test_a_key_is_made_for_a_member_alone(acme: Organisation, charlie: User) -> None:
    key = ApiKey(organisation=acme, user=charlie, scope="designs", name="no member")
    key.set_secret()
    with pytest.raises(ValidationError, match="member of the organisation"):
        key.full_clean()
