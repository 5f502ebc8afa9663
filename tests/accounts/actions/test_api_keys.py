"""Keys are made, replaced with an overlap, and revoked at once."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions.api_keys import OVERLAP, make_key, revoke_key, rotate_key
from accounts.models import ApiKey, AuditEvent, Organisation
from tests import factories


@pytest.fixture
def key(acme: Organisation, alice: User) -> ApiKey:
    made = ApiKey(organisation=acme, user=alice, scope="designs", name="ours", sandbox=True)
    make_key(key=made, by=alice)
    return made


def test_a_replaced_key_opens_for_a_day_more(key: ApiKey, alice: User) -> None:
    made, whole = rotate_key(key=key, by=alice)
    assert (made.scope, made.name, made.sandbox) == (key.scope, key.name, key.sandbox)
    assert made.opens_with(whole.split("_", 2)[2])
    assert set(ApiKey.objects.usable()) == {key, made}
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert set(ApiKey.objects.usable()) == {made}


def test_replacing_it_again_does_not_prolong_the_old_one(key: ApiKey, alice: User) -> None:
    rotate_key(key=key, by=alice)
    first = key.expires_at
    rotate_key(key=key, by=alice)
    assert key.expires_at == first
    assert first
    assert first <= timezone.now() + OVERLAP


def test_a_revoked_key_is_out_at_once_and_once(key: ApiKey, alice: User) -> None:
    for _ in range(2):
        revoke_key(key=key, by=alice)
    assert not ApiKey.objects.usable().exists()
    assert AuditEvent.objects.filter(action="api_key.revoked").count() == 1


def test_a_key_is_for_a_member_of_its_organisation(acme: Organisation) -> None:
    stranger = factories.user("sam")
    with pytest.raises(ValidationError):
        make_key(
            key=ApiKey(organisation=acme, user=stranger, scope="designs", name="x"), by=stranger
        )
