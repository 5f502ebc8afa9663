"""A brand: whose designs they are, and from which similarity on its owner wants to know."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from fingerprints.models.organisation import Organisation

REVIEW_RANGE = (70, 100)


class Brand(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="brands")
    name = models.CharField(max_length=200)
    review_threshold = models.PositiveSmallIntegerField(
        default=85,
        validators=[MinValueValidator(REVIEW_RANGE[0]), MaxValueValidator(REVIEW_RANGE[1])],
        help_text="Similarity from which a listing is held until a person has looked (70 to 100).",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="brand_name_once"),
            models.CheckConstraint(
                condition=Q(review_threshold__range=REVIEW_RANGE),
                name="brand_review_threshold_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name
