"""An invitation to join an organisation, by a link that works once."""

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.api_key import sha256
from accounts.models.organisation import Membership, Organisation


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, expires_at__gt=now)

    def opened_by(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_sha256=sha256(token))


class Invitation(models.Model):
    """Anybody with the link can join, so only a hash of its token is stored. A withdrawn invitation is
    deleted; its audit event stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Membership.Role.choices)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None),
                name="invitation_once_in_play",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["owner", "member", "reviewer"]), name="invitation_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"

    def set_token(self) -> str:
        """Sets and returns the token of the link; only its hash is stored."""
        token = secrets.token_urlsafe(32)
        self.token_sha256 = sha256(token)
        return token
