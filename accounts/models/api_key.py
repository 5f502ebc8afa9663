"""API keys for programs: shown once, stored as a hash, limited to one scope."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.organisation import Membership, Organisation

PREFIX_LENGTH = 8
USE_NOTED_EVERY = timedelta(minutes=1)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> "ApiKeyQuerySet":
        in_time = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(in_time, revoked_at=None).select_related("organisation", "user")


class ApiKey(models.Model):
    """Acts as `user` within `organisation`, and only for what its scope allows.

    A fast hash is enough: the secret has 256 random bits, so it cannot be guessed from the hash.
    """

    class Scope(models.TextChoices):
        DESIGNS = "designs", "brands and designs"
        LISTINGS = "listings", "send listings and read verdicts"
        ALERTS = "alerts", "read and decide alerts"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="api_keys"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    scope = models.CharField(max_length=10, choices=Scope.choices)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=PREFIX_LENGTH, unique=True, editable=False)
    secret_sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    sandbox = models.BooleanField(
        default=False, help_text="What it sends is matched and answered, but nobody else sees it."
    )
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="Set when it is replaced, so that both work for a while."
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=["designs", "listings", "alerts"]), name="api_key_scope_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (bg_{self.prefix}…)"

    def clean(self) -> None:
        """Checks that the user belongs to the organisation, because a key acts as its user in it."""
        mine = Membership.objects.filter(organisation_id=self.organisation_id, user_id=self.user_id)
        if self.organisation_id and self.user_id and not mine.exists():
            raise ValidationError({"user": "Choose a member of the organisation."})

    def set_secret(self) -> str:
        """Gives this unsaved key a secret and returns the full key, which is stored nowhere."""
        self.prefix = secrets.token_hex(PREFIX_LENGTH // 2)
        secret = secrets.token_urlsafe(32)
        self.secret_sha256 = sha256(secret)
        return f"bg_{self.prefix}_{secret}"

    def opens_with(self, secret: str) -> bool:
        return secrets.compare_digest(self.secret_sha256, sha256(secret))

    def note_use(self, now: datetime) -> None:
        """Stores the time of use, to the minute, to avoid a write with every request."""
        if self.last_used_at is None or now - self.last_used_at >= USE_NOTED_EVERY:
            ApiKey.objects.filter(pk=self.pk).update(last_used_at=now)

    def revoke(self, now: datetime) -> None:
        self.revoked_at = self.revoked_at or now
        self.save(update_fields=["revoked_at"])


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
