"""An import of listings from a file, with the result of each row."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.marketplace import Marketplace
from detection.intake.models.listing import Listing

MAX_REFUSED = 500
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".zip")


def import_file(_: models.Model, given: str) -> str:
    ending = PurePath(given.lower()).suffix
    return f"imports/{uuid.uuid4().hex}{ending if ending in ENDINGS else '.csv'}"


class ListingImport(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused", "refused: the file as a whole cannot be read"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=255, help_text="The name of the sender's file.")
    file = models.FileField(upload_to=import_file, max_length=255)
    encoding = models.CharField(
        max_length=12, blank=True, help_text="The encoding chosen; empty where it is recognised."
    )
    understood = models.JSONField(
        null=True, blank=True, help_text="Format, encoding, delimiter and sheet, once it is read."
    )
    sandbox = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    rows_in_all = models.PositiveIntegerField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], done_at=None, error__isnull=True)
                | Q(state="done", done_at__isnull=False, error__isnull=True)
                | Q(state="refused", done_at__isnull=False, error__isnull=False),
                name="listing_import_state_complete",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def refused(self) -> models.QuerySet["ImportRow"]:
        """Returns the first MAX_REFUSED refused rows."""
        return self.rows.exclude(errors=[])[:MAX_REFUSED]


class ImportRow(models.Model):
    """`number` is the row number as in a spreadsheet: the header is row 1."""

    of = models.ForeignKey(ListingImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    external_id = models.CharField(max_length=200, blank=True)
    listing = models.ForeignKey(Listing, null=True, blank=True, on_delete=models.SET_NULL)
    errors = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["of", "number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of} row {self.number}"
