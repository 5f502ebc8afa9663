"""Organisations and their members."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.models.person import Person


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, user: Person) -> "OrganisationQuerySet":
        return self.filter(memberships__in=Membership.objects.of(user))

    def awaiting_verification(self) -> "OrganisationQuerySet":
        """Returns organisations that are neither verified nor refused since they last sent papers."""
        return self.filter(verified_at=None, refused_at=None)


class Organisation(models.Model):
    """A brand owner, a marketplace or the operator.

    Until the operator's staff verifies it, its designs alert nobody but itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    reviews = models.BooleanField(
        default=False,
        help_text="Only for the operator's own organisation: its reviewers see and decide every alert. "
        "Reviewers of a marketplace decide alerts of their marketplace without this.",
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="A member of the operator's staff, never of the organisation itself.",
    )
    papers_seen = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="The number of papers when it was verified."
    )
    verification_note = models.TextField(
        max_length=2000,
        blank=True,
        help_text="What the verification is based on; required without papers.",
    )
    refused_at = models.DateTimeField(null=True, blank=True, editable=False)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    refusal_reason = models.TextField(max_length=2000, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="organisation_verified_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None) | Q(papers_seen__gt=0) | ~Q(verification_note=""),
                name="organisation_verified_by_papers_or_note",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None, refused_by=None, refusal_reason="")
                | Q(refused_at__isnull=False, refused_by__isnull=False, verified_at=None)
                & ~Q(refusal_reason=""),
                name="organisation_refused_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: Person) -> "MembershipQuerySet":
        return self.none() if user.pk is None else self.filter(user_id=user.pk)


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", gettext_noop("Owner")
        MEMBER = "member", gettext_noop("Member")
        REVIEWER = "reviewer", gettext_noop("Reviewer")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], name="membership_once_per_organisation"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["owner", "member", "reviewer"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"
