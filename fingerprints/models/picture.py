"""What every stored picture has, whoever sent it and for whatever purpose."""

import uuid

from django.db import models


class StoredPicture(models.Model):
    """Beside these a picture has `file`, as it was sent and hostile, and `preview`, which screens
    show: upright, small, without metadata. Each kind names the states that follow on `pending`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255, help_text="As the sender's file was called.")
    sha256 = models.CharField(max_length=64)
    pixel_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, default="pending")
    error = models.JSONField(
        null=True, blank=True, help_text="Code, message and remedy, when it was refused."
    )
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def note_attempts(self, count: int) -> None:
        """Written before the work and taken back after it, so that a picture that ends its workers
        is noticed, and one beside it is not blamed.
        """
        same = type(self)._default_manager.filter(pk=self.pk)  # noqa: SLF001 - Django's own API
        same.filter(state="pending").update(attempts=count)
