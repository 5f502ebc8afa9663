"""A licence: a seller may use a brand on one marketplace."""

import uuid
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from accounts.models.organisation import Organisation
from fingerprints.models.brand import Brand
from fingerprints.models.design import Design
from fingerprints.models.validity import ENDS_AFTER_IT_BEGINS, over_on, valid_on


class LicenceQuerySet(models.QuerySet["Licence"]):
    def standing(self, on: date) -> "LicenceQuerySet":
        """Returns licences that are neither revoked nor over, even if they have not begun."""
        return self.filter(revoked_at=None).exclude(over_on(on))

    def in_force(self, on: date) -> "LicenceQuerySet":
        return self.filter(valid_on(on), revoked_at=None)

    def of_seller(self, marketplace: Organisation | uuid.UUID, seller_id: str) -> "LicenceQuerySet":
        return self.filter(marketplace=marketplace, seller_id=seller_id)

    def allows(
        self, design: Design, *, marketplace: Organisation | uuid.UUID, seller_id: str, on: date
    ) -> bool:
        """Whether the seller may use the design there on that day."""
        licences = self.in_force(on).of_seller(marketplace, seller_id)
        for_it = Q(design=None) | Q(design=design)
        return licences.filter(for_it, brand=design.brand_id).exists()


class Licence(models.Model):
    """`marketplace` is the marketplace's organisation; `seller_id` is the seller's id there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="licences")
    design = models.ForeignKey(
        Design,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="licences",
        help_text="Empty for all designs of the brand.",
    )
    marketplace = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="licences_on_it"
    )
    seller_id = models.CharField(max_length=200, help_text="The marketplace's id of the seller.")
    valid_from = models.DateField()
    valid_until = models.DateField(
        null=True, blank=True, help_text="The last day; empty for no end."
    )
    granted_at = models.DateTimeField(auto_now_add=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LicenceQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at", "-id"]
        indexes = [models.Index(fields=["marketplace", "seller_id"], name="licence_seller_idx")]
        constraints = [
            models.CheckConstraint(condition=~Q(seller_id=""), name="licence_names_a_seller"),
            models.CheckConstraint(
                condition=ENDS_AFTER_IT_BEGINS, name="licence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="licence_revoked_when_and_by_whom",
            ),
            # Two constraints, as NULL differs from NULL. The action refuses overlapping periods.
            models.UniqueConstraint(
                fields=["brand", "marketplace", "seller_id", "valid_from"],
                condition=Q(revoked_at=None, design=None),
                name="licence_for_brand_once",
            ),
            models.UniqueConstraint(
                fields=["design", "marketplace", "seller_id", "valid_from"],
                condition=Q(revoked_at=None, design__isnull=False),
                name="licence_for_design_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} on {self.marketplace}"

    def revoke(self, by: User, now: datetime) -> None:
        self.revoked_at, self.revoked_by = now, by
        self.save(update_fields=["revoked_at", "revoked_by"])
