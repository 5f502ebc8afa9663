"""Creates, replaces and revokes API keys."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiKey, AuditEvent
from accounts.models.person import Person

OVERLAP = timedelta(hours=24)  # in which a replaced key still works


def make_key(*, key: ApiKey, by: Person) -> str:
    """Saves a new key and returns its full text, which only its owner keeps. Raises ValidationError."""
    with transaction.atomic():
        full_key = key.set_secret()
        key.full_clean()
        key.save()
        AuditEvent.objects.record(
            "api_key.made", subject=key, by=by, scope=key.scope, sandbox=key.sandbox
        )
    return full_key


def rotate_key(*, key: ApiKey, by: Person) -> tuple[ApiKey, str]:
    """Creates a replacement with the same scope; the old key works for OVERLAP more."""
    with transaction.atomic():
        replacement = ApiKey(
            organisation=key.organisation,
            user=key.user,
            scope=key.scope,
            name=key.name,
            sandbox=key.sandbox,
        )
        full_key = make_key(key=replacement, by=by)
        key.expires_at = key.expires_at or timezone.now() + OVERLAP
        key.save(update_fields=["expires_at"])
        AuditEvent.objects.record("api_key.rotated", subject=key, by=by, to=replacement.prefix)
    return replacement, full_key


def revoke_key(*, key: ApiKey, by: Person) -> None:
    """Revokes the key at once; repeating changes nothing."""
    if key.revoked_at:
        return
    with transaction.atomic():
        key.revoke(timezone.now())
        AuditEvent.objects.record("api_key.revoked", subject=key, by=by)
