"""What a marketplace's listings get of whose pictures some could not be looked at: it chooses."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from brandguard.sweeps import MAX_A_SWEEP, each
from detection.actions.admissions import refuse_stranger
from detection.actions.settle import settle_listing
from detection.models import Listing, Marketplace
from fingerprints.models import AuditEvent


def choose_incomplete(
    *, marketplace: Marketplace, choice: Marketplace.Incomplete, by: User
) -> None:
    """What is on offer is held or released by it within a minute. Raises NotYoursToAdmit."""
    refuse_stranger(by, marketplace)
    with transaction.atomic():
        held = Marketplace.objects.select_for_update().get(pk=marketplace.pk)
        if held.incomplete_listings == choice:
            return
        held.incomplete_listings = choice
        held.save(update_fields=["incomplete_listings"])
        AuditEvent.objects.record(
            "marketplace.incomplete_listings", subject=held, by=by, choice=choice
        )


def settle_incomplete() -> int:
    """A share of those that stand otherwise than their marketplace chose; how many."""

    def settle(number: UUID) -> None:
        with transaction.atomic():
            settle_listing(listing=Listing.objects.select_for_update().get(pk=number))

    left = Listing.objects.settled_otherwise().values_list("pk", flat=True)
    return each(list(left[:MAX_A_SWEEP]), settle)
