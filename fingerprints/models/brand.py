"""A brand, with the similarities at which its owner wants listings held or blocked."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.organisation import Organisation

REVIEW_RANGE = (70, 100)
BLOCK_RANGE = (90, 100)


class Brand(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="brands")
    name = models.CharField(max_length=200)
    review_threshold = models.PositiveSmallIntegerField(
        default=85,
        validators=[MinValueValidator(REVIEW_RANGE[0]), MaxValueValidator(REVIEW_RANGE[1])],
        help_text="Similarity from which a listing is held until a person has looked at it (70 to 100).",
    )
    block_threshold = models.PositiveSmallIntegerField(
        default=97,
        validators=[MinValueValidator(BLOCK_RANGE[0]), MaxValueValidator(BLOCK_RANGE[1])],
        help_text="Similarity from which a copy may be blocked without a person (90 to 100, never "
        "below the other threshold).",
    )
    blocks_without_review = models.BooleanField(
        default=False,
        help_text="Whether copies from the block threshold on are blocked before a person has looked at "
        "them, where a verified right covers them and the marketplace has agreed to it.",
    )
    enforced_as_of = models.DateField(
        default=timezone.localdate,
        editable=False,
        help_text="The last day for which beginnings and ends of its rights and licences are announced.",
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
            models.CheckConstraint(
                condition=Q(block_threshold__range=BLOCK_RANGE),
                name="brand_block_threshold_range",
            ),
            models.CheckConstraint(
                condition=Q(block_threshold__gte=F("review_threshold")),
                name="brand_thresholds_in_order",
                violation_error_message="The block threshold cannot be lower than the review threshold.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
