"""What changed for a brand is worked out for every listing that its designs match, from stored
matches: nothing is embedded again.
"""

import uuid
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from detection.actions.settle import settle_listing
from detection.models import Listing, Match, Resettlement
from fingerprints.models import Brand

LEASE = timedelta(seconds=60)  # longer than one listing takes


def ask_for_resettlement(brand: Brand) -> None:
    """Within the transaction of the change, so that it is not forgotten."""
    from detection.tasks import resettle

    Resettlement.objects.update_or_create(
        brand=brand, defaults={"token": uuid.uuid4(), "asked_at": timezone.now()}
    )
    transaction.on_commit(resettle.delay, robust=True)


def resettle_brands() -> int:
    """How many listings were settled. Killed in between, the next does it all again."""
    done = 0
    for asked in Resettlement.objects.order_by("asked_at"):
        if not asked.begin(timezone.now(), LEASE):
            continue
        for number in listings_of(asked.brand_id):
            resettle_listing(number)
            asked.renew(timezone.now(), LEASE)
            done += 1
        # Only what was asked before we began: a change meanwhile has another token.
        Resettlement.objects.filter(pk=asked.pk, token=asked.token).delete()
        Resettlement.objects.filter(pk=asked.pk).update(leased_until=None)
    return done


def listings_of(brand: UUID) -> list[UUID]:
    """On offer, with any match with the brand that was kept."""
    matches = Match.objects.filter(view__design__brand=brand)
    listings = Listing.objects.current().filter(
        pk__in=matches.values("listing_image__listing"), state=Listing.State.MATCHED
    )
    return list(listings.values_list("pk", flat=True))


def resettle_listing(number: UUID) -> None:
    with transaction.atomic():
        settle_listing(listing=Listing.objects.select_for_update().get(pk=number))
