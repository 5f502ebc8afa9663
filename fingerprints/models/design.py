"""A registered design and its views."""

import uuid
from datetime import datetime
from pathlib import PurePath

from django.db import models
from django.db.models import Q

from fingerprints.images.errors import ImageError
from fingerprints.models.brand import Brand


class DesignQuerySet(models.QuerySet["Design"]):
    def active(self) -> "DesignQuerySet":
        return self.filter(retired_at=None)

    def awaiting_enrolment(self) -> "DesignQuerySet":
        return self.active().filter(images__state=DesignImage.State.PENDING).distinct()


class Design(models.Model):
    class DesignKind(models.TextChoices):
        PACKAGING = "packaging"
        OBJECT = "object"
        PHOTO = "photo"
        LOGO = "logo"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="designs")
    name = models.CharField(max_length=200)
    design_kind = models.CharField(max_length=10, choices=DesignKind.choices)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = DesignQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(design_kind__in=["packaging", "object", "photo", "logo"]),
                name="design_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def retire(self, now: datetime) -> None:
        self.retired_at = now
        self.save(update_fields=["retired_at"])


def new_file_name(folder: str, given: str) -> str:
    """A name of our own: nothing of the sender's name but a harmless ending goes to the disk."""
    suffix = PurePath(given).suffix.lower()
    kept = suffix if suffix in {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"} else ""
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}{kept}"


def design_file(_: models.Model, given: str) -> str:
    return new_file_name("designs", given)


class DesignImage(models.Model):
    """A view: one picture of the design, as the owner sent it.

    `preview` is what screens show: upright, small, without metadata; made when it is enrolled.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        ENROLLED = "enrolled"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="images")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255, help_text="As the owner's file was called.")
    file = models.FileField(upload_to=design_file, max_length=255)
    preview = models.FileField(upload_to=design_file, max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    pixel_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    error = models.JSONField(
        null=True, blank=True, help_text="Code, message and remedy, when it was refused."
    )
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["design_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["design", "position"], name="design_image_position"),
            models.CheckConstraint(
                condition=Q(state="pending", error__isnull=True)
                | Q(
                    state="enrolled",
                    error__isnull=True,
                    width__isnull=False,
                    height__isnull=False,
                )
                | Q(state="refused", error__isnull=False),
                name="design_image_state_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.design} #{self.position + 1}"

    def note_attempts(self, count: int) -> None:
        """Written before the work, so that a picture that ends its workers is noticed."""
        DesignImage.objects.filter(pk=self.pk, state=self.State.PENDING).update(attempts=count)

    def refuse(self, error: ImageError) -> None:
        """Only one that still awaits its enrolment."""
        DesignImage.objects.filter(pk=self.pk, state=self.State.PENDING).update(
            state=self.State.REFUSED, error=error
        )
