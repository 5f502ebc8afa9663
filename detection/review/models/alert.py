"""What a person sees: one alert per listing revision and brand."""

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

# Rules of detection.review.verdict under which a reviewer should look.
REVIEWABLE = ("awaits_review", "copy_blocked")


class AlertQuerySet(models.QuerySet["Alert"]):
    def on_offer(self) -> "AlertQuerySet":
        """Of listings that are neither withdrawn nor replaced by a later revision."""
        return self.filter(listing__withdrawn_at=None, listing__superseded_at=None)

    def awaiting_review(self) -> "AlertQuerySet":
        return self.on_offer().filter(
            state=Alert.State.OPEN,
            brand__organisation__verified_at__isnull=False,
            rule__in=REVIEWABLE,
        )

    def free_for(self, user: Person, now: datetime) -> "AlertQuerySet":
        """Not being looked at by somebody else."""
        free = Q(locked_until=None) | Q(locked_until__lte=now)
        return self.filter(free | Q(locked_by=user.pk))

    def offered_to(self, user: Person) -> "AlertQuerySet":
        """Without what the user has asked others about, and what was escalated past them."""
        offered = self.exclude(escalations__by=user.pk)
        if reviews_everything(reviewing(user)):
            return offered
        return offered.exclude(escalations__escalation_kind="escalation")

    def by_risk(self) -> "AlertQuerySet":
        """The likeliest first, of equals the one that waits longest."""
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
        """Members see what concerns their brands, on marketplaces that admitted them; reviewers
        what a verified organisation claims. `within` limits it to one of the user's organisations.
        """
        claimed = Q(brand__organisation__in=memberships(user, within).values("organisation"))
        admitted = Q(listing__marketplace__admits=F("brand__organisation"))
        mine = self.filter(claimed & admitted).values("pk")
        return self.filter(Q(pk__in=mine) | reviewable_by(user, within))


def memberships(user: Person, within: Organisation | None) -> models.QuerySet[Membership]:
    found = Membership.objects.of(user)
    return found.filter(organisation=within) if within else found


def reviewing(user: Person, within: Organisation | None = None) -> models.QuerySet[Membership]:
    return memberships(user, within).filter(role=Membership.Role.REVIEWER)


def reviews_everything(as_what: models.QuerySet[Membership]) -> bool:
    """As the operator's reviewers do."""
    return as_what.filter(organisation__reviews=True).exists()


def reviewed_by(user: Person, marketplace: str, within: Organisation | None = None) -> Q:
    """Rows on a marketplace that the user reviews; `marketplace` is the way to it from the row."""
    mine = reviewing(user, within)
    if reviews_everything(mine):
        return Q(pk__isnull=False)
    return Q(**{f"{marketplace}__organisation__in": mine.values("organisation")})


def reviewable_by(user: Person, within: Organisation | None = None) -> Q:
    """What the user may decide: the operator's reviewers everything that a verified organisation
    claims, a marketplace's reviewers what is on their marketplace; nobody what an organisation of
    their own claims.
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
        Match, on_delete=models.CASCADE, related_name="alerts", help_text="The strongest."
    )
    similarity = models.FloatField()
    match_kind = models.CharField(max_length=12, choices=MatchKind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    rule = models.CharField(
        max_length=30, blank=True, default="awaits_review", help_text="What the claim leads to now."
    )
    verdict = models.CharField(
        max_length=8,
        choices=Verdict.choices,
        default=Verdict.HOLD,
        help_text="What this brand's claim leads to; the listing's own may come of another's, which "
        "is not told to every claimant.",
    )
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who is looking at it, until `locked_until`.",
    )
    locked_until = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(auto_now_add=True, db_index=True)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="When the marketplace was told of it."
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
        """The verdict's reasons that speak of this brand: that another claims it too is not told
        to every claimant.
        """
        mine = {None, str(self.brand_id)}
        return [reason for reason in self.listing.reasons if reason.get("brand_id") in mine]
