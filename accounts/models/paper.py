"""Papers by which the operator verifies an organisation, such as a register excerpt or a letter."""

import uuid

from django.conf import settings
from django.db import models

from accounts.files import new_file_name
from accounts.models.organisation import Organisation


def paper_file(_: models.Model, given: str) -> str:
    return new_file_name("papers", given)


class Paper(models.Model):
    """Stored as sent, and served only as an attachment to its organisation and the operator's staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="papers")
    document = models.FileField(upload_to=paper_file, max_length=255)
    document_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255, help_text="The name of the sender's file.")
    sent_at = models.DateTimeField(auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "document_sha256"], name="paper_once_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return self.name
