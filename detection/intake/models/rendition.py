"""One of several pictures that a file can show: one of its frames, on a light or a dark page, whole or one part
of a long picture.
"""

import uuid

from django.db import models
from django.db.models import F, Q

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
    part = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Number of the part of a long picture, from 1."
    )
    parts = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many parts the long picture has."
    )
    area = models.JSONField(
        null=True,
        blank=True,
        help_text="Left, top, width and height of the part, in normalised coordinates.",
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
            models.CheckConstraint(
                condition=Q(part__isnull=True, parts__isnull=True, area__isnull=True)
                | Q(
                    part__isnull=False,
                    parts__isnull=False,
                    area__isnull=False,
                    part__gte=1,
                    parts__gte=F("part"),
                ),
                name="rendition_part_and_where",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.image}, rendition {self.number}"
