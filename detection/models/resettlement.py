"""What asks for verdicts to be worked out again, from stored matches."""

from datetime import datetime, timedelta

from django.db import models

from detection.models.lease import free
from fingerprints.models import Brand


class Resettlement(models.Model):
    """Something changed that the brand's claims rest on: a right, a licence, a threshold, a design.
    Written in the transaction of the change; gone once every listing it concerns is settled.
    """

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField(help_text="Another one with every change, so that none is lost.")
    asked_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """A worker sets to it. False when another one is at it."""
        mine = Resettlement.objects.filter(free(now), pk=self.pk)
        return bool(mine.update(leased_until=now + lease))

    def renew(self, now: datetime, lease: timedelta) -> None:
        """The worker is still at it."""
        Resettlement.objects.filter(pk=self.pk).update(leased_until=now + lease)
