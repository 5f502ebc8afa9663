"""Keys of programs: made, replaced, revoked."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiKey, AuditEvent
from accounts.models.person import Person

OVERLAP = timedelta(hours=24)  # for which a replaced key still opens


def make_key(*, key: ApiKey, by: Person) -> str:
    """The whole of this unsaved key, as only its owner keeps it. Raises ValidationError."""
    with transaction.atomic():
        whole = key.set_secret()
        key.full_clean()
        key.save()
        AuditEvent.objects.record(
            "api_key.made", subject=key, by=by, scope=key.scope, sandbox=key.sandbox
        )
    return whole


def rotate_key(*, key: ApiKey, by: Person) -> tuple[ApiKey, str]:
    """Another one for the same; the old one opens for a day more."""
    with transaction.atomic():
        made = ApiKey(
            organisation=key.organisation,
            user=key.user,
            scope=key.scope,
            name=key.name,
            sandbox=key.sandbox,
        )
        whole = make_key(key=made, by=by)
        key.expires_at = key.expires_at or timezone.now() + OVERLAP
        key.save(update_fields=["expires_at"])
        AuditEvent.objects.record("api_key.rotated", subject=key, by=by, to=made.prefix)
    return made, whole


def revoke_key(*, key: ApiKey, by: Person) -> None:
    """At once. Twice is the same as once."""
    if key.revoked_at:
        return
    with transaction.atomic():
        key.revoke(timezone.now())
        AuditEvent.objects.record("api_key.revoked", subject=key, by=by)
