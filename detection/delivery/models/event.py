"""Events for marketplaces, numbered in the order of their commits."""

import secrets
from typing import Any, Never

from django.db import connection, models, transaction
from django.db.models import Q

from accounts.models.marketplace import Marketplace

# The key of the advisory lock that orders events on PostgreSQL; any number that all processes share.
EVENT_LOCK = 7_301_985


def event_id() -> str:
    return f"evt_{secrets.token_hex(16)}"


class EventType(models.TextChoices):
    LISTING_BLOCKED = "listing.blocked", "not to be shown"
    LISTING_HELD = "listing.held", "not to be shown until a reviewer decides"
    LISTING_RELEASED = "listing.released", "may be shown"
    LISTING_FAILED = "listing.failed", "no verdict: none of its pictures could be examined"
    CHECK_ANSWERED = "check.answered", "the result of a check that was answered with 202"
    ALERT_RAISED = "alert.raised", "a reviewer has to decide"
    ALERT_DECIDED = "alert.decided", "a reviewer decided"
    ALERT_REOPENED = "alert.reopened", "a decision was revoked: a reviewer has to decide again"
    APPEAL_DECIDED = "appeal.decided", "an appeal was decided or ended without a decision"
    TEST_PING = "test.ping", "a test that you requested"


class EventManager(models.Manager["Event"]):
    def record(
        self,
        *,
        marketplace: Marketplace,
        event_type: EventType,
        payload: dict[str, Any],
        listing_external_id: str = "",
        sandbox: bool = False,
    ) -> "Event":
        """Stores an event within the transaction that makes it true. `listing_external_id` is empty for an
        event that concerns no listing. Numbers follow commit order, so a client that has read up to n has
        missed nothing: SQLite has one writer at a time; PostgreSQL holds a lock from here until commit.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("record() must run in a transaction")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EVENT_LOCK])
        earlier = self.of_listing(marketplace, listing_external_id).filter(sandbox=sandbox)
        return self.create(
            marketplace=marketplace,
            event_type=event_type,
            listing_external_id=listing_external_id,
            sandbox=sandbox,
            sequence=next_sequence(earlier) if listing_external_id else None,
            payload=payload,
        )

    def of_listing(self, marketplace: Marketplace, external_id: str) -> "models.QuerySet[Event]":
        return self.filter(marketplace=marketplace, listing_external_id=external_id)


def next_sequence(earlier: "models.QuerySet[Event]") -> int:
    return (earlier.aggregate(most=models.Max("sequence"))["most"] or 0) + 1


class Event(models.Model):
    """An immutable event. `sequence` rises by one with each event of a listing, across its revisions; it is
    None without a listing. `public_id` is the same in every attempt and replay.
    """

    number = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=40, unique=True, default=event_id, editable=False)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, related_name="events")
    event_type = models.CharField(max_length=20, choices=EventType.choices)
    listing_external_id = models.CharField(max_length=200, blank=True)
    sandbox = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventManager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["marketplace", "number"])]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "sandbox", "listing_external_id", "sequence"],
                name="event_sequence_once",
            ),
            models.CheckConstraint(
                condition=Q(listing_external_id="", sequence=None)
                | ~Q(listing_external_id="") & Q(sequence__isnull=False),
                name="event_of_a_listing_has_a_sequence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.public_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an event is never altered")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> Never:
        raise TypeError("an event is never deleted")

    def body(self) -> dict[str, Any]:
        """Returns the JSON that webhooks and /events send."""
        return {
            "id": self.public_id,
            "number": self.number,
            "type": self.event_type,
            "timestamp": self.created_at.isoformat(),
            "sequence": self.sequence,
            "sandbox": self.sandbox,
            "data": self.payload,
        }
