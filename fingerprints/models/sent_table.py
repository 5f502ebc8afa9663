"""An uploaded table, kept while its sender checks the preview before importing it."""

import uuid

from django.conf import settings
from django.db import models

from accounts.files import new_file_name


def table_file(_: models.Model, given: str) -> str:
    return new_file_name("tables", given)


class SentTable(models.Model):
    """Only its sender sees it. It is deleted after a day (`actions/sent_tables.py`)."""

    class Purpose(models.TextChoices):
        DESIGNS = "designs"
        LICENCES = "licences"
        LISTINGS = "listings"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    about = models.UUIDField(help_text="The brand; for listings, the marketplace.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255, help_text="The name of the sender's file.")
    file = models.FileField(upload_to=table_file, max_length=255)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return self.name
