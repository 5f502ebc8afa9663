"""Replays of events to an endpoint, page by page."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from detection.delivery.models.event import Event, EventType
from detection.delivery.models.webhook import WebhookEndpoint


class Replay(models.Model):
    """A replay of the events above `after` up to `until` that the endpoint wants. Those up to `cursor` are
    done. `why` is the reason of a cancellation.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done", "done: each event is delivered or has a pending delivery"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="replays")
    after = models.BigIntegerField()
    until = models.BigIntegerField()
    cursor = models.BigIntegerField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RUNNING)
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(
        null=True, blank=True, help_text="When a page was last due for this replay."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None, why="")
                | Q(state="done", ended_at__isnull=False, why="")
                | Q(state="cancelled", ended_at__isnull=False) & ~Q(why=""),
                name="replay_state_complete",
            ),
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(state="running"), name="replay_one_an_endpoint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.done} of {self.total}"

    def left(self) -> QuerySet[Event]:
        return events_for(self.endpoint, self.cursor, self.until)


def events_for(endpoint: WebhookEndpoint, after: int, until: int) -> QuerySet[Event]:
    """Returns the events that the endpoint wants, by number."""
    events = Event.objects.filter(
        marketplace=endpoint.marketplace_id,
        sandbox=endpoint.sandbox,
        number__gt=after,
        number__lte=until,
    )
    if endpoint.event_types:
        events = events.filter(event_type__in=[*endpoint.event_types, EventType.TEST_PING])
    return events.order_by("number")
