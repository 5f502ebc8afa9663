"""Reviewers' decisions on alerts, with their reasons."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Organisation
from detection.intake.models.listing import Listing
from detection.review.models.alert import Alert


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_effect(self) -> "DecisionQuerySet":
        return self.filter(applied_at__isnull=False)

    def to_apply(self, now: datetime) -> "DecisionQuerySet":
        return self.filter(applied_at=None, effective_at__lte=now)


class DecisionFields(models.Model):
    """The fields of a decision. With `claimant` and `acting_for` the database itself refuses a decision on
    one's own claim. The decision can be undone until `effective_at`; from `applied_at` on it shapes the
    verdict and is published.
    """

    class Outcome(models.TextChoices):
        INFRINGING = "infringing", gettext_noop("Infringing")
        NOT_INFRINGING = "not_infringing", gettext_noop("not infringing")
        LICENSED = "licensed", gettext_noop("Licensed")
        GENUINE_GOODS = "genuine_goods", gettext_noop("genuine goods (resale)")
        NEEDS_MORE = "needs_more", gettext_noop("needs more")

    class Reason(models.TextChoices):
        COUNTERFEIT = "counterfeit", gettext_noop("Counterfeit goods")
        PICTURE_COPIED = "picture_copied", gettext_noop("The picture is copied")
        DESIGN_COPIED = "design_copied", gettext_noop("The design is copied")
        MARK_USED = "mark_used", gettext_noop("The mark is used without consent")
        OTHER_PRODUCT = "other_product", gettext_noop("Another product")
        COMMON_ELEMENT = "common_element", gettext_noop("Only a common element is similar")
        REFERS_TO_IT = "refers_to_it", gettext_noop("Spare part or accessory that names the brand")
        LICENCE_SHOWN = "licence_shown", gettext_noop("The seller showed a licence")
        RESALE = "resale", gettext_noop("Resale by a buyer")
        PICTURE_UNCLEAR = "picture_unclear", gettext_noop("The picture is unclear")
        RIGHT_UNCLEAR = "right_unclear", gettext_noop("The right is unclear")
        ASK_THE_SELLER = "ask_the_seller", gettext_noop("The seller has to answer")
        LICENCE_ASKED = (
            "licence_asked",
            gettext_noop("The brand owner has to add a licence record"),
        )

    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    reason = models.CharField(
        max_length=16,
        choices=Reason.choices,
        blank=True,
        help_text="A reason that fits the outcome.",
    )
    note = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    claimant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    cluster = models.UUIDField(
        null=True, blank=True, help_text="Shared by alerts that were decided with one action."
    )
    decided_at = models.DateTimeField()
    effective_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.Outcome(self.outcome).label)


class Decision(DecisionFields):
    """The current decision on an alert."""

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="decision")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["effective_at"],
                condition=Q(applied_at=None),
                name="decision_to_apply_idx",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(applied_at__gte=F("effective_at")),
                name="decision_applied_after_the_time_to_undo",
            ),
            models.CheckConstraint(
                condition=~Q(acting_for=F("claimant")), name="decision_never_by_the_claimant"
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[
                        "infringing", "not_infringing", "licensed", "genuine_goods", "needs_more",
                    ]
                ),
                name="decision_outcome_known",
            ),
        ]  # fmt: skip

    @property
    def is_undoable(self) -> bool:
        return self.applied_at is None and timezone.now() < self.effective_at


class PastDecisionQuerySet(models.QuerySet["PastDecision"]):
    def reopened_on(self, listing: Listing) -> "PastDecisionQuerySet":
        return self.filter(alert__listing=listing, end=PastDecision.End.REOPENED)


class PastDecision(DecisionFields):
    """A decision that was replaced by another one or ended by a reopening."""

    class End(models.TextChoices):
        REPLACED = "replaced", gettext_noop("replaced")
        REOPENED = "reopened", gettext_noop("reopened")

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="past_decisions")
    end = models.CharField(max_length=8, choices=End.choices)
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.TextField(max_length=2000, blank=True)

    objects = PastDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["ended_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end="replaced", outcome="needs_more")
                | Q(end="reopened") & ~Q(end_reason=""),
                name="past_decision_why_it_ended",
            ),
        ]


# The reasons that fit each outcome.
REASONS: dict[Decision.Outcome, tuple[Decision.Reason, ...]] = {
    Decision.Outcome.INFRINGING: (
        Decision.Reason.COUNTERFEIT,
        Decision.Reason.PICTURE_COPIED,
        Decision.Reason.DESIGN_COPIED,
        Decision.Reason.MARK_USED,
    ),
    Decision.Outcome.NOT_INFRINGING: (
        Decision.Reason.OTHER_PRODUCT,
        Decision.Reason.COMMON_ELEMENT,
        Decision.Reason.REFERS_TO_IT,
    ),
    Decision.Outcome.LICENSED: (Decision.Reason.LICENCE_SHOWN,),
    Decision.Outcome.GENUINE_GOODS: (Decision.Reason.RESALE,),
    Decision.Outcome.NEEDS_MORE: (
        Decision.Reason.PICTURE_UNCLEAR,
        Decision.Reason.RIGHT_UNCLEAR,
        Decision.Reason.ASK_THE_SELLER,
        Decision.Reason.LICENCE_ASKED,
    ),
}
