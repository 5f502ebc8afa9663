"""Alerts: one per listing revision and brand."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.models.person import Person
from detection.intake.models.listing import Listing, Verdict
from detection.matching.models.match import Match, MatchKind
from fingerprints.models import Brand

# Rules of detection.review.verdict under which a reviewer decides.
REVIEWABLE = ("awaits_review", "copy_blocked")


class AlertQuerySet(models.QuerySet["Alert"]):
    def on_offer(self) -> "AlertQuerySet":
        """Returns alerts of listings that are neither withdrawn nor replaced by a later revision."""
        return self.filter(listing__withdrawn_at=None, listing__superseded_at=None)

    def awaiting_review(self) -> "AlertQuerySet":
        return self.on_offer().filter(
            state=Alert.State.OPEN,
            brand__organisation__verified_at__isnull=False,
            rule__in=REVIEWABLE,
        )

    def free_for(self, user: Person, now: datetime) -> "AlertQuerySet":
        """Returns alerts that no other user holds a lock on."""
        free = Q(locked_until=None) | Q(locked_until__lte=now)
        return self.filter(free | Q(locked_by=user.pk))

    def offered_to(self, user: Person) -> "AlertQuerySet":
        """Returns alerts without those that the user escalated and those escalated past the user."""
        offered = self.exclude(escalations__by=user.pk)
        if reviews_everything(reviewing(user)):
            return offered
        return offered.exclude(escalations__escalation_kind="escalation")

    def by_risk(self) -> "AlertQuerySet":
        """Orders by similarity, the greatest first; among equals, the longest wait first."""
        return self.order_by("-similarity", "raised_at", "pk")

    def with_evidence(self) -> "AlertQuerySet":
        return self.select_related(
            "listing__marketplace",
            "brand__organisation",
            "match__view__design__brand",
            "match__listing_image",
            "match__rendition",
            "decision__by",
            "locked_by",
        )

    def visible_to(self, user: Person, within: Organisation | None = None) -> "AlertQuerySet":
        """Returns alerts of the user's brands on marketplaces that admit them, and those that the user
        reviews. `within` limits this to one of the user's organisations.
        """
        claimed = Q(brand__organisation__in=memberships(user, within).values("organisation"))
        admitted = Q(listing__marketplace__admits=F("brand__organisation"))
        mine = self.filter(claimed & admitted).values("pk")
        return self.filter(Q(pk__in=mine) | reviewable_by(user, within))


def memberships(user: Person, within: Organisation | None) -> models.QuerySet[Membership]:
    rows = Membership.objects.of(user)
    return rows.filter(organisation=within) if within else rows


def reviewing(user: Person, within: Organisation | None = None) -> models.QuerySet[Membership]:
    return memberships(user, within).filter(role=Membership.Role.REVIEWER)


def reviews_everything(reviewing: models.QuerySet[Membership]) -> bool:
    """Whether one of the memberships is that of an operator's reviewer."""
    return reviewing.filter(organisation__reviews=True).exists()


def reviewed_by(user: Person, marketplace: str, within: Organisation | None = None) -> Q:
    """Returns the filter for rows of marketplaces that the user reviews; `marketplace` is the field path."""
    mine = reviewing(user, within)
    if reviews_everything(mine):
        return Q(pk__isnull=False)
    return Q(**{f"{marketplace}__organisation__in": mine.values("organisation")})


def reviewable_by(user: Person, within: Organisation | None = None) -> Q:
    """Returns the filter for alerts that the user may decide: claims of verified organisations, for a
    marketplace's reviewers only those on their marketplace, and none of the user's own organisations.
    """
    return (
        reviewed_by(user, "listing__marketplace", within)
        & Q(brand__organisation__verified_at__isnull=False)
        & ~Q(brand__organisation__in=memberships(user, None).values("organisation"))
    )


class Alert(models.Model):
    class State(models.TextChoices):
        OPEN = "open"
        DECIDED = "decided"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="alerts")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="alerts")
    match = models.ForeignKey(
        Match, on_delete=models.CASCADE, related_name="alerts", help_text="The strongest one."
    )
    similarity = models.FloatField()
    match_kind = models.CharField(max_length=12, choices=MatchKind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    rule = models.CharField(
        max_length=30, blank=True, default="awaits_review", help_text="The rule that applies now."
    )
    verdict = models.CharField(
        max_length=8,
        choices=Verdict.choices,
        default=Verdict.HOLD,
        help_text="The verdict by this brand's claim alone; the listing's verdict may come from another "
        "claim, which this claimant must not learn of.",
    )
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The reviewer who holds the alert until `locked_until`.",
    )
    locked_until = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(auto_now_add=True, db_index=True)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="When the alert was published to the marketplace."
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "brand"], name="alert_once_per_brand"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "decided"]), name="alert_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand}: {self.similarity:.0f}"

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.locked_until > timezone.now()

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Returns the reasons of the verdict that concern this brand; a claimant must not learn of others."""
        mine = {None, str(self.brand_id)}
        return [reason for reason in self.listing.reasons if reason.get("brand_id") in mine]
