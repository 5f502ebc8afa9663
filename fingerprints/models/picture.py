"""The fields that every stored picture has."""

import uuid

from django.db import models


class StoredPicture(models.Model):
    """Subclasses add `file`, as it was sent and possibly hostile; `preview` for screens, which is upright,
    small and without metadata; and the states that follow `pending`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255, help_text="The name of the sender's file.")
    sha256 = models.CharField(max_length=64)
    pixel_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, default="pending")
    error = models.JSONField(
        null=True, blank=True, help_text="Code, message and remedy, if it is refused."
    )
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def note_attempts(self, count: int) -> None:
        """Stores the count before the work and resets it afterwards, so that a picture that ends its
        workers is noticed and its neighbours are not blamed.
        """
        same = type(self)._default_manager.filter(pk=self.pk)  # noqa: SLF001 - Django's own API
        same.filter(state="pending").update(attempts=count)
