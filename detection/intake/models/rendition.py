"""One of several pictures that a file can show: one of its frames, on a light or a dark page."""

import uuid

from django.db import models
from django.db.models import Q

from detection.intake.models.listing import ListingImage, listing_file


class Rendition(models.Model):
    """A file has rows only if it shows more than one picture. Numbers start at 0, in the order of
    vision.pictures.renditions.
    """

    class Ground(models.TextChoices):
        LIGHT = "light"
        DARK = "dark"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    image = models.ForeignKey(ListingImage, on_delete=models.CASCADE, related_name="renditions")
    number = models.PositiveSmallIntegerField()
    frame = models.PositiveIntegerField(default=0, help_text="Number of the frame, from 0.")
    milliseconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="When the frame begins, in an animation."
    )
    ground = models.CharField(
        max_length=5,
        choices=Ground.choices,
        blank=True,
        help_text="The page behind a transparent picture.",
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    pixel_sha256 = models.CharField(max_length=64)
    perceptual_hash = models.BigIntegerField(null=True, blank=True)
    preview = models.FileField(upload_to=listing_file, max_length=255)

    class Meta:
        ordering = ["image_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["image", "number"], name="rendition_number_once"),
            models.CheckConstraint(
                condition=Q(ground__in=["", "light", "dark"]), name="rendition_ground_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.image}, rendition {self.number}"
