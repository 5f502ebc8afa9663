"""The robustness test of a design: which transforms of its own views are still found."""

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
    """`results` maps each tested view to the similarity by transform, 0 where the design was not found;
    a view that cannot be tested has an empty mapping. All results have the same `calibration` and
    `matching_version`: when either changes, all views are tested again.
    """

    design = models.OneToOneField(Design, on_delete=models.CASCADE, related_name="robustness_test")
    calibration = models.CharField(max_length=100, blank=True)
    results = models.JSONField(default=dict, blank=True)
    sides = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Sides of the goods that the views show, once it is done."
    )
    asked_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Workers that ended while testing the next view."
    )
    matching_version = models.CharField(max_length=16, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = RobustnessTestQuerySet.as_manager()

    def __str__(self) -> str:
        return f"robustness test of {self.design}"

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """Takes the lease. Returns False when another worker has it or the test is done."""
        mine = RobustnessTest.objects.abandoned(now).filter(pk=self.pk)
        return bool(mine.update(leased_until=now + lease))
