"""Requests to reassess a brand's listings from stored matches."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone

from brandguard.kernel.lease import free
from fingerprints.models import Brand


class ReassessmentManager(models.Manager["Reassessment"]):
    def ask(self, brand: Brand) -> None:
        """Stores or restarts the request, in the transaction of the change. The lock keeps a worker from
        counting a listing that it assessed by the state before the change.
        """
        request, is_new = self.select_for_update().get_or_create(
            brand=brand, defaults={"token": uuid.uuid4(), "asked_at": timezone.now()}
        )
        if not is_new:
            request.restart()


class Reassessment(models.Model):
    """A request after a change of a right, licence, threshold or design of the brand. It is stored in the
    transaction of the change and deleted once every listing concerned is assessed.

    Workers assess listings in the order of their keys; `cursor` is the last one done. A change meanwhile
    affects the listings before `cursor` again: they follow after the end, up to `stop_at`. So a brand that
    changes all the time still gets all its listings assessed.
    """

    class Stage(models.TextChoices):
        ONWARD = "onward", "to the end"
        AGAIN = "again", "from the start to the cursor at the latest change"
        FAILED = "failed", "the failed ones again"

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField(help_text="Replaced with every change, so that none is lost.")
    asked_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.ONWARD)
    cursor = models.UUIDField(null=True, blank=True)
    stop_at = models.UUIDField(null=True, blank=True)
    done = models.PositiveIntegerField(
        default=0, help_text="Listings assessed since the latest change."
    )
    total = models.PositiveIntegerField(null=True, blank=True, help_text="None: not counted yet.")
    failed = models.JSONField(default=list, blank=True, help_text="Ids of listings.")

    objects = ReassessmentManager()

    def __str__(self) -> str:
        return f"{self.brand}: {self.done} of {self.total}"

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """Leases the request to this worker. Returns False when another worker holds it."""
        rows = Reassessment.objects.filter(free(now), pk=self.pk, token=self.token)
        return bool(rows.update(leased_until=now + lease))

    def restart(self) -> None:
        self.token, self.asked_at = uuid.uuid4(), timezone.now()
        self.stage, self.stop_at = self.Stage.ONWARD, self.cursor
        self.done, self.total, self.failed = 0, None, []
        self.save()

    def note(self, **progress: object) -> bool:
        """Stores progress. Returns False if something changed meanwhile: the latest work does not count."""
        for name, value in progress.items():
            setattr(self, name, value)
        return bool(self.if_unchanged().update(**progress))

    def note_done(self, listing: uuid.UUID, leased_until: datetime) -> bool:
        """Stores that the listing is done. Returns False if something changed meanwhile."""
        self.cursor = listing
        return bool(
            self.if_unchanged().update(
                cursor=listing, done=F("done") + 1, failed=self.failed, leased_until=leased_until
            )
        )

    def if_unchanged(self) -> "models.QuerySet[Reassessment]":
        """Returns this row, or none if something changed since it was read."""
        return Reassessment.objects.filter(pk=self.pk, token=self.token)
