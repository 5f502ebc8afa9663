"""Webhook endpoints of marketplaces, and the deliveries to them with all attempts."""

import base64
import secrets
import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, F, Min, Q

from accounts.models.marketplace import Marketplace
from detection.delivery.models.event import Event, EventType

FAILING_FROM = 5  # failures in a row
OVERLAP = timedelta(hours=24)  # a replaced secret still signs for this long


def new_secret() -> str:
    """Returns 32 random bytes in base64, in the format of the Standard Webhooks scheme."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def in_use(self) -> "WebhookEndpointQuerySet":
        return self.filter(retired_at=None)

    def hold(self, pk: uuid.UUID) -> "WebhookEndpoint":
        """Locks the endpoint for the transaction. Lock it before its deliveries and replays."""
        return self.select_for_update(no_key=True).get(pk=pk)

    def in_trouble(self) -> "WebhookEndpointQuerySet":
        """Returns failing and paused endpoints with `waiting`, the number of pending deliveries, and
        `next_try`, the time of the next attempt.
        """
        pending = Q(deliveries__state=Delivery.State.PENDING)
        troubled = self.in_use().filter(Q(failing_since__isnull=False) | Q(paused_at__isnull=False))
        return troubled.annotate(
            waiting=Count("deliveries", filter=pending),
            next_try=Min("deliveries__next_attempt_at", filter=pending),
        )


class WebhookEndpoint(models.Model):
    """An endpoint of a marketplace. Empty `event_types` means all types. A sandbox endpoint gets only events
    that sandbox keys cause. Both secrets sign until `previous_until`. A paused one keeps its deliveries.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=1000)
    event_types = models.JSONField(default=list, blank=True)
    sandbox = models.BooleanField(default=False)
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    previous_secret = models.CharField(max_length=100, blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(
        max_length=300, blank=True, help_text="Empty while deliveries succeed."
    )
    notified_at = models.DateTimeField(
        null=True, blank=True, help_text="When the owners were mailed that it fails."
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_why = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_why="")
                | Q(paused_at__isnull=False) & ~Q(paused_why=""),
                name="webhook_paused_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_until=None)
                | ~Q(previous_secret="") & Q(previous_until__isnull=False),
                name="webhook_previous_secret_with_its_end",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def wants(self, event_type: str) -> bool:
        return not self.event_types or event_type in {*self.event_types, EventType.TEST_PING}

    @property
    def is_failing(self) -> bool:
        return self.failures >= FAILING_FROM

    def signing_secrets(self, now: datetime) -> list[str]:
        overlaps = self.previous_until is not None and now < self.previous_until
        return [self.secret, self.previous_secret] if overlaps else [self.secret]

    def rotate(self, now: datetime) -> None:
        self.previous_secret, self.previous_until = self.secret, now + OVERLAP
        self.secret = new_secret()
        self.save(update_fields=["secret", "previous_secret", "previous_until"])


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        return self.filter(
            state=Delivery.State.PENDING,
            next_attempt_at__lte=now,
            endpoint__paused_at=None,
            endpoint__retired_at=None,
        )


class Delivery(models.Model):
    class State(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        DEAD = "dead", "dead: given up after the last attempt; it can be replayed"
        CANCELLED = "cancelled", "cancelled: its endpoint was removed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-event__number"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="pending"), name="delivery_due_idx"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state="pending", next_attempt_at__isnull=False, delivered_at=None)
                | Q(state="delivered", next_attempt_at=None, delivered_at__isnull=False)
                | Q(state__in=["dead", "cancelled"], next_attempt_at=None, delivered_at=None),
                name="delivery_state_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """Leases the delivery to this worker. Returns False when another worker holds it or it is no longer
        due. The lease holds while `next_attempt_at` stays unchanged.
        """
        due = Delivery.objects.due(now).filter(pk=self.pk)
        rows = Delivery.objects.filter(pk__in=due.values("pk"), next_attempt_at__lte=now)
        self.next_attempt_at = now + lease
        attempts = F("attempts_made") + 1
        return bool(rows.update(next_attempt_at=self.next_attempt_at, attempts_made=attempts))


class Attempt(models.Model):
    """One HTTP request. `status` is None when no answer came; `error` is then the reason."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    milliseconds = models.FloatField(default=0)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"
