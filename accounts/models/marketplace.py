"""A marketplace: sends listings and acts on verdicts."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models.organisation import Organisation


class Marketplace(models.Model):
    """Its programs act with API keys of its organisation, its reviewers as members of that."""

    class Incomplete(models.TextChoices):
        HOLD = "hold", "hold: until it is sent again with pictures that can be read"
        ALLOW = "allow", "allow: if the others show nothing; it says what was not looked at"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="marketplace"
    )
    name = models.CharField(max_length=200, unique=True)
    admits = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="admitted_by",
        help_text="Brand owners that may see its listings, where these match their designs.",
    )
    blocks_without_review = models.BooleanField(
        default=False,
        help_text="Copies of designs whose brand wants it too are blocked before a person has looked.",
    )
    fetch_hosts = models.JSONField(
        default=list,
        blank=True,
        help_text="Hosts that pictures may be fetched from, as in img.example.com, or .example.com "
        "for all below it. Empty: any public host.",
    )
    incomplete_listings = models.CharField(
        max_length=5,
        choices=Incomplete.choices,
        default=Incomplete.HOLD,
        help_text="What a listing gets of whose pictures some could not be looked at.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(incomplete_listings__in=["hold", "allow"]),
                name="marketplace_incomplete_listings_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
