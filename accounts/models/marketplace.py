"""A marketplace, which sends listings and acts on verdicts."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models.organisation import Organisation


class Marketplace(models.Model):
    """Its programs use API keys of its organisation; its reviewers are members of its organisation."""

    class Incomplete(models.TextChoices):
        HOLD = "hold", "hold: until it is sent again with readable pictures"
        ALLOW = "allow", "allow: if the other pictures show nothing; it lists the unreadable ones"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="marketplace"
    )
    name = models.CharField(max_length=200, unique=True)
    admits = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="admitted_by",
        help_text="Brand owners that may see the listings that match their designs.",
    )
    blocks_without_review = models.BooleanField(
        default=False,
        help_text="Copies are blocked before a person has looked at them, if the design's brand wants that "
        "too.",
    )
    fetch_hosts = models.JSONField(
        default=list,
        blank=True,
        help_text="Hosts that pictures may be fetched from, such as img.example.com, or .example.com "
        "for all its subdomains. Empty for any public host.",
    )
    incomplete_listings = models.CharField(
        max_length=5,
        choices=Incomplete.choices,
        default=Incomplete.HOLD,
        help_text="The verdict for a listing with pictures that could not be read or fetched.",
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
