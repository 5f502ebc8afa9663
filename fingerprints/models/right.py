"""The rights that a brand's claims rest on: trade marks, design rights and copyrights."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from accounts.files import new_file_name
from fingerprints.models.brand import Brand
from fingerprints.models.design import Design
from fingerprints.models.validity import ENDS_AFTER_IT_BEGINS, over_on, valid_on
from fingerprints.territories import EVERYWHERE, shared


class RightQuerySet(models.QuerySet["Right"]):
    def in_play(self) -> "RightQuerySet":
        """Returns rights that are neither withdrawn nor expired."""
        return self.filter(state__in=[Right.State.SUBMITTED, Right.State.VERIFIED])

    def in_force(self, on: date) -> "RightQuerySet":
        """Returns verified rights within their dates, even before the sweep marks expired ones. Their
        designs are prefetched, so that `covers` needs no further query.
        """
        verified = self.filter(state=Right.State.VERIFIED)
        return verified.filter(valid_on(on)).prefetch_related("designs")

    def over(self, on: date) -> "RightQuerySet":
        """Returns rights past their last day that are not marked as expired yet."""
        return self.in_play().filter(over_on(on))

    def covering(self, design: Design, *, territories: Collection[str], on: date) -> "list[Right]":
        """Returns rights in force that cover the design in a listing on offer in these territories."""
        rights = self.in_force(on).filter(brand=design.brand_id)
        return [right for right in rights if right.covers(design, territories=territories, on=on)]


def document_file(_: models.Model, given: str) -> str:
    return new_file_name("rights", given)


class Right(models.Model):
    class RightKind(models.TextChoices):
        TRADE_MARK = "trade_mark", gettext_noop("trade mark")
        DESIGN_RIGHT = "design_right", gettext_noop("design right")
        COPYRIGHT = "copyright", gettext_noop("copyright")

    class State(models.TextChoices):
        SUBMITTED = "submitted", gettext_noop("Submitted")
        VERIFIED = "verified", gettext_noop("Verified")
        WITHDRAWN = "withdrawn", gettext_noop("Withdrawn")
        EXPIRED = "expired", gettext_noop("Expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="rights")
    right_kind = models.CharField(max_length=12, choices=RightKind.choices)
    office = models.CharField(
        max_length=100,
        blank=True,
        help_text="The office that registered it; copyright may have none.",
    )
    number = models.CharField(
        max_length=100, blank=True, help_text="The number in that office's register."
    )
    territories = models.JSONField(
        help_text="ISO 3166-1 alpha-2 codes, EU or BX; or * alone for everywhere, for copyright only."
    )
    valid_from = models.DateField()
    valid_until = models.DateField(
        null=True, blank=True, help_text="The last day; empty for no end."
    )
    designs = models.ManyToManyField(
        Design,
        blank=True,
        related_name="rights",
        through="LimitedTo",
        help_text="The designs it is limited to; empty for all designs of the brand.",
    )
    document = models.FileField(upload_to=document_file, max_length=255)
    document_sha256 = models.CharField(max_length=64)

    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    submitted_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refusal_reason = models.TextField(
        max_length=2000,
        blank=True,
        help_text="Why the operator refused to verify it.",
    )
    expired_at = models.DateTimeField(null=True, blank=True)

    objects = RightQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(right_kind__in=["trade_mark", "design_right", "copyright"]),
                name="right_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(right_kind="copyright") | ~Q(office="") & ~Q(number=""),
                name="right_registered_where_and_as_what",
            ),
            models.CheckConstraint(condition=~Q(territories=[]), name="right_covers_somewhere"),
            models.CheckConstraint(
                condition=Q(right_kind="copyright") | ~Q(territories=[EVERYWHERE]),
                name="right_everywhere_for_copyright_only",
            ),
            models.CheckConstraint(
                condition=ENDS_AFTER_IT_BEGINS, name="right_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="right_has_its_document"),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="right_verified_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(verified_by=F("submitted_by")), name="right_verified_by_another"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="right_withdrawn_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", verified_at=None, withdrawn_at=None, expired_at=None)
                | Q(
                    state="verified",
                    verified_at__isnull=False,
                    withdrawn_at=None,
                    expired_at=None,
                )
                | Q(state="withdrawn", withdrawn_at__isnull=False, expired_at=None)
                | Q(state="expired", withdrawn_at=None, expired_at__isnull=False),
                name="right_state_complete",
            ),
            models.CheckConstraint(
                condition=Q(refusal_reason="") | Q(state="withdrawn", verified_at=None),
                name="right_refused_before_it_was_verified",
            ),
            models.UniqueConstraint(
                fields=["brand", "right_kind", "office", "number"],
                condition=Q(state__in=["submitted", "verified"]) & ~Q(number=""),
                name="right_once_in_play",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_right_kind_display()} {self.registered}".strip()

    @property
    def registered(self) -> str:
        return " ".join(part for part in (self.office, self.number) if part)

    def covers(self, design: Design, *, territories: Collection[str], on: date) -> frozenset[str]:
        """Returns the countries where it covers the design in a listing with these `territories`; empty
        when it does not cover it. A listing may have no territories; see `shared`.
        """
        if not self.is_in_force(on) or not self.speaks_of(design):
            return frozenset()
        return shared(self.territories, territories)

    def is_in_force(self, on: date) -> bool:
        ended = self.valid_until is not None and self.valid_until < on
        return self.state == self.State.VERIFIED and self.valid_from <= on and not ended

    def speaks_of(self, design: Design) -> bool:
        limits = self.designs.all()
        return design.brand_id == self.brand_id and (not limits or design in limits)

    def days_left(self, on: date) -> int | None:
        """Returns None for a right without an end, and 0 on its last day."""
        return None if self.valid_until is None else (self.valid_until - on).days

    def verify(self, by: User, now: datetime) -> None:
        self.state = self.State.VERIFIED
        self.verified_at, self.verified_by = now, by
        self.save(update_fields=["state", "verified_at", "verified_by"])

    def withdraw(self, by: User, now: datetime, refusal_reason: str = "") -> None:
        self.state = self.State.WITHDRAWN
        self.withdrawn_at, self.withdrawn_by = now, by
        self.refusal_reason = refusal_reason
        self.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "refusal_reason"])

    def expire(self, now: datetime) -> None:
        self.state = self.State.EXPIRED
        self.expired_at = now
        self.save(update_fields=["state", "expired_at"])


class LimitedTo(models.Model):
    """A design to which a right is limited. It protects the design from deletion, because without it the
    right would silently cover all designs of the brand.
    """

    right = models.ForeignKey(Right, on_delete=models.CASCADE)
    design = models.ForeignKey(Design, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["right", "design"], name="right_limited_to_design_once")
        ]
