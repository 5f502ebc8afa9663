"""An offer on a marketplace, as it was sent: one row a revision."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from detection.models.marketplace import Marketplace
from fingerprints.models.picture import StoredPicture, new_file_name


class Verdict(models.TextChoices):
    """`pending` while there is none: silence is never an allow."""

    PENDING = "pending"
    ALLOW = "allow"
    HOLD = "hold"
    BLOCK = "block"


class ListingQuerySet(models.QuerySet["Listing"]):
    def awaiting_match(self) -> "ListingQuerySet":
        return self.filter(state=Listing.State.QUEUED)

    def abandoned(self, now: datetime) -> "ListingQuerySet":
        """Begun by a worker that has not been heard of since."""
        return self.awaiting_match().filter(leased_until__lt=now)

    def never_begun(self, queued_before: datetime) -> "ListingQuerySet":
        return self.awaiting_match().filter(leased_until=None, queued_at__lt=queued_before)


class Listing(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        MATCHED = "matched"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, related_name="listings")
    external_id = models.CharField(max_length=200, help_text="The marketplace's own identifier.")
    revision = models.PositiveIntegerField(default=1)
    seller_id = models.CharField(max_length=200, help_text="The marketplace's id of the seller.")
    territories = models.JSONField(
        default=list, blank=True, help_text="ISO 3166-1 alpha-2 codes where it is on offer."
    )
    title = models.CharField(max_length=500, blank=True)
    address = models.URLField(max_length=1000, blank=True)
    category = models.CharField(max_length=200, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217 code.")
    content_sha256 = models.CharField(max_length=64, editable=False)

    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.PENDING)
    reasons = models.JSONField(default=list, blank=True, help_text="Why the verdict is what it is.")
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    queued_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    matched_at = models.DateTimeField(null=True, blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=Q(state="queued"), name="listing_queue_idx"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "external_id", "revision"], name="listing_revision_once"
            ),
            models.CheckConstraint(
                condition=Q(price=None, currency="") | Q(price__isnull=False) & ~Q(currency=""),
                name="listing_price_with_currency",
            ),
            models.CheckConstraint(
                condition=Q(state="matched", matched_at__isnull=False)
                & Q(verdict__in=["allow", "hold", "block"])
                | Q(state__in=["queued", "failed"], matched_at=None, verdict="pending"),
                name="listing_verdict_when_matched",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.external_id

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """A worker sets to it. False when another one is at it, or it has its result already."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        waiting = Listing.objects.awaiting_match().filter(free, pk=self.pk)
        return bool(waiting.update(leased_until=now + lease))

    def release(self) -> None:
        """The worker could not go on, for a reason that will pass."""
        Listing.objects.awaiting_match().filter(pk=self.pk).update(leased_until=None)

    def renew(self, now: datetime, lease: timedelta) -> None:
        """The worker is still at it."""
        Listing.objects.awaiting_match().filter(pk=self.pk).update(leased_until=now + lease)

    def fail(self, rule: str, text: str) -> None:
        """No verdict can be had; it stays `pending`, which is never an allow."""
        self.leased_until = None
        self.state = self.State.FAILED
        self.reasons = [{"rule": rule, "text": text}]
        self.save()


def listing_file(_: models.Model, given: str) -> str:
    return new_file_name("listings", given)


class ListingImage(StoredPicture):
    """One picture of a listing."""

    class State(models.TextChoices):
        PENDING = "pending"
        EMBEDDED = "embedded"
        REFUSED = "refused"

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="images")
    file = models.FileField(upload_to=listing_file, max_length=255)
    preview = models.FileField(upload_to=listing_file, max_length=255, blank=True)
    perceptual_hash = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)

    class Meta:
        ordering = ["listing_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "position"], name="listing_image_position"),
            models.CheckConstraint(
                condition=Q(state="pending", error__isnull=True)
                | Q(state="embedded", error__isnull=True, width__isnull=False, height__isnull=False)
                | Q(state="refused", error__isnull=False),
                name="listing_image_state_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} #{self.position + 1}"


class ImageEmbedding(models.Model):
    """What matching made of a picture, kept so that later questions never embed again.

    `vectors` is float32[len(regions), dimension], little-endian; `regions` are left, top, width,
    height in shares of the picture, the whole first; `features` are the local features. A row of
    its own, so that lists of pictures stay light.
    """

    image = models.ForeignKey(ListingImage, on_delete=models.CASCADE, related_name="embeddings")
    generation = models.CharField(max_length=16)
    geometry_version = models.CharField(max_length=16, default="sift-1")
    regions = models.JSONField()
    vectors = models.BinaryField()
    features = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "generation"], name="image_embedding_once"),
        ]
