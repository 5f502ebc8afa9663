"""What asks for verdicts to be worked out again, from stored matches."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone

from brandguard.kernel.lease import free
from fingerprints.models import Brand


class ReassessmentManager(models.Manager["Reassessment"]):
    def ask(self, brand: Brand) -> None:
        """Within the transaction of the change. The lock keeps whoever works at it from noting a
        listing that was worked out from what held before.
        """
        asked, is_new = self.select_for_update().get_or_create(
            brand=brand, defaults={"token": uuid.uuid4(), "asked_at": timezone.now()}
        )
        if not is_new:
            asked.begin_anew()


class Reassessment(models.Model):
    """Something changed that the brand's claims rest on: a right, a licence, a threshold, a design.
    Written in the transaction of the change; gone once every listing it concerns is settled.

    Listings are settled in the order of their keys, up to `cursor` so far. What changes meanwhile
    concerns those before it again: they follow once the end is reached, up to `stop_at`. So a brand
    that changes all the time still comes round.
    """

    class Stage(models.TextChoices):
        ONWARD = "onward", "to the end"
        AGAIN = "again", "from the start to where the latest change came"
        FAILED = "failed", "those that failed once more"

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField(help_text="Another one with every change, so that none is lost.")
    asked_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.ONWARD)
    cursor = models.UUIDField(null=True, blank=True)
    stop_at = models.UUIDField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="Since the latest change.")
    total = models.PositiveIntegerField(null=True, blank=True, help_text="None: not counted yet.")
    failed = models.JSONField(default=list, blank=True, help_text="Ids of listings.")

    objects = ReassessmentManager()

    def __str__(self) -> str:
        return f"{self.brand}: {self.done} of {self.total}"

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """A worker sets to it. False when another one is at it."""
        mine = Reassessment.objects.filter(free(now), pk=self.pk, token=self.token)
        return bool(mine.update(leased_until=now + lease))

    def begin_anew(self) -> None:
        self.token, self.asked_at = uuid.uuid4(), timezone.now()
        self.stage, self.stop_at = self.Stage.ONWARD, self.cursor
        self.done, self.total, self.failed = 0, None, []
        self.save()

    def note(self, **progress: object) -> bool:
        """False when something changed meanwhile: what was just done counts for nothing."""
        for name, value in progress.items():
            setattr(self, name, value)
        return bool(self.as_asked().update(**progress))

    def note_done(self, listing: uuid.UUID, leased_until: datetime) -> bool:
        """Likewise."""
        self.cursor = listing
        return bool(
            self.as_asked().update(
                cursor=listing, done=F("done") + 1, failed=self.failed, leased_until=leased_until
            )
        )

    def as_asked(self) -> "models.QuerySet[Reassessment]":
        """This row, unless something changed since it was read."""
        return Reassessment.objects.filter(pk=self.pk, token=self.token)
