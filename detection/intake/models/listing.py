"""An offer on a marketplace as it was sent: one row for each revision or check before publication."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from accounts.files import new_file_name
from accounts.models.marketplace import Marketplace
from brandguard.kernel.lease import free
from fingerprints.models.picture import StoredPicture


class Verdict(models.TextChoices):
    """`pending` means that there is no verdict yet; it is never an allow."""

    PENDING = "pending"
    ALLOW = "allow"
    HOLD = "hold"
    BLOCK = "block"


class ListingQuerySet(models.QuerySet["Listing"]):
    def awaiting_fetch(self) -> "ListingQuerySet":
        return self.filter(state=Listing.State.FETCHING)

    def awaiting_match(self) -> "ListingQuerySet":
        return self.filter(state=Listing.State.QUEUED)

    def abandoned(self, now: datetime) -> "ListingQuerySet":
        """Returns listings whose worker is silent, or whose next attempt is due."""
        return self.filter(leased_until__lt=now)

    def never_begun(self, queued_before: datetime) -> "ListingQuerySet":
        return self.filter(leased_until=None, queued_at__lt=queued_before)

    def current(self) -> "ListingQuerySet":
        """Returns listings on offer: neither withdrawn nor superseded by a later revision."""
        return self.filter(withdrawn_at=None, superseded_at=None)

    def assessed_otherwise(self) -> "ListingQuerySet":
        """Returns incomplete listings on offer that follow an earlier choice of their marketplace."""
        incomplete = (
            self.current()
            .exclude(incomplete_as="")
            .filter(state=Listing.State.MATCHED, purpose=Listing.Purpose.LISTING)
        )
        return incomplete.exclude(incomplete_as=F("marketplace__incomplete_listings"))

    def published(self) -> "ListingQuerySet":
        """Returns listings that people may see: neither checks nor sandbox listings."""
        return self.filter(purpose=Listing.Purpose.LISTING, sandbox=False)


class Listing(models.Model):
    class State(models.TextChoices):
        FETCHING = "fetching", "fetching: pictures are being fetched from their URLs"
        QUEUED = "queued"
        MATCHED = "matched"
        FAILED = "failed"

    class Purpose(models.TextChoices):
        LISTING = "listing"
        CHECK = "check", "check: sent before publication; no brand sees it"

    class MarketplaceAction(models.TextChoices):
        REMOVED = "removed"
        RESTRICTED = "restricted"
        PUBLISHED = "published"
        IGNORED = "ignored"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, related_name="listings")
    external_id = models.CharField(max_length=200, help_text="The marketplace's own identifier.")
    revision = models.PositiveIntegerField(default=1)
    seller_id = models.CharField(max_length=200, help_text="The marketplace's id of the seller.")
    territories = models.JSONField(
        default=list, blank=True, help_text="ISO 3166-1 alpha-2 codes where it is on offer."
    )
    title = models.CharField(max_length=500, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    category = models.CharField(max_length=200, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217 code.")
    content_sha256 = models.CharField(max_length=64, editable=False)
    purpose = models.CharField(max_length=7, choices=Purpose.choices, default=Purpose.LISTING)
    sandbox = models.BooleanField(default=False, help_text="Sent with a sandbox key.")
    idempotency_key = models.CharField(max_length=100, blank=True)

    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.PENDING)
    verdict_at = models.DateTimeField(null=True, blank=True, help_text="When it last changed.")
    reasons = models.JSONField(default=list, blank=True, help_text="Why the verdict is what it is.")
    statement = models.JSONField(
        null=True,
        blank=True,
        help_text="Statement of reasons for the seller, while it is restricted.",
    )
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    queued_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Workers that ended on the listing, not counting its pictures."
    )
    matched_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    action = models.CharField(
        max_length=10,
        choices=MarketplaceAction.choices,
        blank=True,
        help_text="What the marketplace reports to have done.",
    )
    action_at = models.DateTimeField(null=True, blank=True)
    pictures_not_looked_at = models.PositiveSmallIntegerField(
        default=0, help_text="How many of its pictures could not be read or fetched."
    )
    incomplete_as = models.CharField(
        max_length=5,
        choices=Marketplace.Incomplete.choices,
        blank=True,
        help_text="What its marketplace chose for listings that lack pictures, when it was assessed.",
    )
    answer_owed = models.BooleanField(
        default=False, help_text="A check whose request ended before there was a verdict."
    )

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=["fetching", "queued"]),
                name="listing_queue_idx",
            ),
            models.Index(fields=["marketplace", "seller_id", "-received_at"]),
            models.Index(
                fields=["marketplace", "incomplete_as"],
                condition=~Q(incomplete_as=""),
                name="listing_incomplete_idx",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "sandbox", "external_id", "revision"],
                condition=Q(purpose="listing"),
                name="listing_revision_once",
            ),
            models.UniqueConstraint(
                fields=["marketplace", "sandbox", "external_id"],
                condition=Q(purpose="listing", superseded_at=None),
                name="listing_latest_revision_once",
            ),
            models.UniqueConstraint(
                fields=["marketplace", "sandbox", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="listing_idempotency_key_once",
            ),
            models.CheckConstraint(
                condition=Q(action="", action_at=None)
                | Q(
                    action__in=["removed", "restricted", "published", "ignored"],
                    action_at__isnull=False,
                ),
                name="listing_action_and_when",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["listing", "check"]), name="listing_purpose_known"
            ),
            models.CheckConstraint(
                condition=Q(price=None, currency="") | Q(price__isnull=False) & ~Q(currency=""),
                name="listing_price_with_currency",
            ),
            models.CheckConstraint(
                condition=Q(incomplete_as="")
                | Q(incomplete_as="hold", pictures_not_looked_at__gt=0) & ~Q(verdict="allow")
                | Q(incomplete_as="allow", pictures_not_looked_at__gt=0),
                name="listing_incomplete_never_allowed_in_silence",
            ),
            models.CheckConstraint(
                condition=Q(state="matched", matched_at__isnull=False)
                & Q(verdict__in=["allow", "hold", "block"])
                | Q(state__in=["fetching", "queued", "failed"], matched_at=None, verdict="pending")
                # a check that is held for one picture while others are still matched
                | Q(
                    state="queued", purpose="check", matched_at=None, verdict__in=["hold", "block"]
                ),
                name="listing_verdict_when_matched",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.external_id

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """Takes the lease. Returns False when another worker has it or the result is already there."""
        mine = self.as_it_stood().filter(free(now), state__in=AWAITED)
        return bool(mine.update(leased_until=now + lease))

    def release(self) -> None:
        """Returns the lease after a transient failure."""
        self.as_it_stood().update(leased_until=None)

    def renew(self, now: datetime, lease: timedelta) -> None:
        """Extends the lease of the worker that holds it."""
        self.as_it_stood().update(leased_until=now + lease)

    def note_attempts(self, count: int) -> None:
        """Stores `count` before the work and again after it. The attribute `attempts` stays as read."""
        self.as_it_stood().update(attempts=count)

    def as_it_stood(self) -> ListingQuerySet:
        """Returns this row as long as its state is the one that was read."""
        return Listing.objects.filter(pk=self.pk, state=self.state)

    def owe_answer(self) -> None:
        """Asks for an event with the answer, unless the listing has its result meanwhile."""
        Listing.objects.filter(pk=self.pk, state__in=AWAITED).update(answer_owed=True)

    @property
    def restrictions(self) -> list[dict[str, str]]:
        """Returns the reasons that hold or block the listing, one for each brand."""
        restricting = {Verdict.HOLD, Verdict.BLOCK}
        return [reason for reason in self.reasons if reason.get("verdict") in restricting]

    @property
    def is_awaited(self) -> bool:
        return self.state in AWAITED

    @property
    def is_undecided(self) -> bool:
        """Whether there is no verdict at all, not even a hold or block because of some pictures."""
        return self.is_awaited and self.verdict == Verdict.PENDING

    @property
    def is_current(self) -> bool:
        return self.withdrawn_at is None and self.superseded_at is None

    @property
    def is_published(self) -> bool:
        return self.purpose == self.Purpose.LISTING and not self.sandbox

    @property
    def is_incomplete(self) -> bool:
        """Whether its verdict rests on only some of its pictures."""
        return bool(self.incomplete_as)

    def fail(self, rule: str, text: str) -> None:
        """Ends without a verdict: it stays `pending`, which is never an allow."""
        self.leased_until, self.attempts = None, 0
        self.state = self.State.FAILED
        self.verdict, self.verdict_at, self.statement = Verdict.PENDING, None, None
        self.reasons = [{"rule": rule, "text": text}]
        self.pictures_not_looked_at, self.incomplete_as = self.images.refused().count(), ""
        self.save()


AWAITED = (Listing.State.FETCHING, Listing.State.QUEUED)  # the sender still awaits a verdict


def listing_file(_: models.Model, given: str) -> str:
    return new_file_name("listings", given)


class ListingImageQuerySet(models.QuerySet["ListingImage"]):
    def refused(self) -> "ListingImageQuerySet":
        return self.filter(state=ListingImage.State.REFUSED)


class ListingImage(StoredPicture):
    """One picture of a listing."""

    class State(models.TextChoices):
        FETCHING = "fetching"
        PENDING = "pending"
        EMBEDDED = "embedded"
        REFUSED = "refused"

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="images")
    url = models.URLField(
        max_length=1000, blank=True, help_text="Where the picture is fetched from."
    )
    file = models.FileField(upload_to=listing_file, max_length=255, blank=True)
    preview = models.FileField(upload_to=listing_file, max_length=255, blank=True)
    perceptual_hash = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="The hash of the rendition with the most contrast, where there are several.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    warnings = models.JSONField(
        default=list, blank=True, help_text="Which parts were not looked at, and why."
    )

    objects = ListingImageQuerySet.as_manager()

    class Meta:
        ordering = ["listing_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "position"], name="listing_image_position"),
            models.CheckConstraint(
                condition=Q(state="fetching", error__isnull=True) & ~Q(url="")
                | Q(state="pending", error__isnull=True) & ~Q(file="")
                | Q(state="embedded", error__isnull=True, width__isnull=False, height__isnull=False)
                | Q(state="refused", error__isnull=False),
                name="listing_image_state_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} #{self.position + 1}"
