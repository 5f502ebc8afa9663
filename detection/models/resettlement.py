"""What asks for verdicts to be worked out again, from stored matches."""

from django.db import models

from fingerprints.models import Brand


class Resettlement(models.Model):
    """Something changed that the brand's claims rest on: a right, a licence, a threshold, a design.
    Written in the transaction of the change; gone once every listing it concerns is settled.
    """

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField(help_text="Another one with every change, so that none is lost.")
    asked_at = models.DateTimeField(auto_now=True)
