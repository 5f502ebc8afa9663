"""How much of what sellers do to a picture is found, measured on the design's own views."""

from datetime import datetime, timedelta

from django.db import models

from brandguard.kernel.lease import free
from fingerprints.models import Design


class RobustnessTestQuerySet(models.QuerySet["RobustnessTest"]):
    def unfinished(self) -> "RobustnessTestQuerySet":
        return self.filter(done_at=None, design__retired_at=None)

    def abandoned(self, now: datetime) -> "RobustnessTestQuerySet":
        return self.unfinished().filter(free(now))


class RobustnessTest(models.Model):
    """`results` has for each view the similarity of every transform that it allowed, 0 where the design
    was not found; views that are not in it have not been tested yet, and one that cannot be has none.
    `calibration` and `matching_version` are what all of them were found with: another of either asks
    for all of them anew.
    """

    design = models.OneToOneField(Design, on_delete=models.CASCADE, related_name="robustness_test")
    calibration = models.CharField(max_length=100, blank=True)
    results = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Workers that ended on the view that is next."
    )
    matching_version = models.CharField(max_length=16, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = RobustnessTestQuerySet.as_manager()

    def __str__(self) -> str:
        return f"robustness test of {self.design}"

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """A worker sets to it. False when another one is at it, or it is done."""
        mine = RobustnessTest.objects.abandoned(now).filter(pk=self.pk)
        return bool(mine.update(leased_until=now + lease))
