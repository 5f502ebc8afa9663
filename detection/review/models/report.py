"""Brand owners' reports of missed listings."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.files import new_file_name
from accounts.models import Membership
from accounts.models.marketplace import Marketplace
from accounts.models.person import Person
from brandguard.kernel.lease import free
from detection.intake.models.listing import Listing
from detection.review.models.alert import reviewed_by
from fingerprints.models import Brand, DesignImage


def report_file(_: models.Model, given: str) -> str:
    return new_file_name("reports", given)


class ReportQuerySet(models.QuerySet["Report"]):
    def awaiting_examination(self, now: datetime) -> "ReportQuerySet":
        return self.filter(free(now), finding="")

    def visible_to(self, user: Person) -> "ReportQuerySet":
        """Returns reports of the user's brands and those that the user may answer."""
        mine = Membership.objects.of(user)
        return self.filter(
            Q(brand__organisation__in=mine.values("organisation")) | answerable_by(user)
        )


def answerable_by(user: Person) -> Q:
    """Returns the filter for reports that the user may answer: a reviewer, never for a brand of their own."""
    mine = Membership.objects.of(user).values("organisation")
    return reviewed_by(user, "marketplace") & ~Q(brand__organisation__in=mine)


class Report(models.Model):
    """A report with the listing's URL or a picture of it. `finding` is the service's own answer to why there
    was no alert, with the nearest `view` and its `similarity`.
    """

    class Finding(models.TextChoices):
        ALERTED = "alerted", "the listing has an alert"
        BELOW = "below", "a design matches below the threshold"
        REACHES = "reaches", "this picture reaches the threshold"
        NOT_FOUND = "not_found", "no design of the brand matches"
        NOT_SENT = "not_sent", "the marketplace sent no listing with this URL"
        UNREADABLE = "unreadable", "the picture cannot be read"
        LOST = "lost", "the stored picture is missing"
        GAVE_UP = "gave_up", "the picture could not be matched in several attempts"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="reports")
    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE, related_name="reports")
    url = models.URLField(max_length=1000, blank=True)
    picture = models.FileField(upload_to=report_file, max_length=255, blank=True)
    preview = models.FileField(upload_to=report_file, max_length=255, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    similarity = models.FloatField(null=True, blank=True)
    view = models.ForeignKey(DesignImage, null=True, blank=True, on_delete=models.SET_NULL)
    listing = models.ForeignKey(Listing, null=True, blank=True, on_delete=models.SET_NULL)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Workers that started on it and did not finish."
    )
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(picture=""), name="report_by_url_or_picture"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="report_answered_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.url or str(self.picture.name)

    def begin(self, now: datetime, lease: timedelta) -> bool:
        """Leases the report to this worker. Returns False when another worker holds it."""
        rows = Report.objects.awaiting_examination(now).filter(pk=self.pk)
        return bool(rows.update(leased_until=now + lease, attempts=F("attempts") + 1))

    def release(self) -> None:
        """Ends the lease after a transient error, without counting the attempt."""
        rows = Report.objects.filter(pk=self.pk, attempts__gt=0)
        rows.update(leased_until=None, attempts=F("attempts") - 1)
