"""Checks before publication: the worker of checks matches, and the web process waits for a while."""

import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from detection.intake.models import Listing, ListingImage
from vision.pictures.hashes import differing_bits

FIRST_PAUSE, MAX_PAUSE = 0.02, 0.1  # seconds
# Reserved for reading the rows and writing the answer, which takes 70 ms at the median and 260 ms at
# p99 while four times as many processes as cores want to run (docs/benchmark.md).
ANSWERING, MAX_FOR_ANSWERING = 0.3, 0.2  # seconds; maximal share of the time
# Near-identical pictures in one seller's checks: a seller with more is probing the threshold.
MAX_ALIKE, WITHIN, ALIKE_BITS = 10, timedelta(hours=1), 8
MAX_COMPARED = 5_000  # latest pictures: a seller may have tens of thousands checked in an hour


def deadline(began: float) -> float:
    """Returns until when to wait for a check, so that the answer arrives within CHECK_MILLISECONDS.

    `began` is when the request arrived, so that its intake counts. Both are by `time.monotonic()`.
    """
    limit = settings.CHECK_MILLISECONDS / 1000
    return began + limit - min(ANSWERING, MAX_FOR_ANSWERING * limit)


def wait_for_verdict(listing: Listing, deadline: float) -> Listing:
    """Returns the listing once it has a verdict, if only of some of its pictures, or at the deadline;
    in that case an event publishes the verdict later.
    """
    pause = FIRST_PAUSE
    while listing.is_undecided:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, MAX_PAUSE)
        listing.refresh_from_db(fields=["state", "verdict"])
    if listing.is_awaited:
        listing.owe_answer()
    listing.refresh_from_db()
    return listing


def too_many_alike(listing: Listing) -> bool:
    """Whether this seller had the maximal number of checks of nearly the same picture within the hour.
    Workers call it once they have the pictures' hashes.
    """
    if listing.purpose != Listing.Purpose.CHECK:
        return False
    hashes = listing.images.exclude(perceptual_hash=None).values_list("perceptual_hash", flat=True)
    earlier = ListingImage.objects.filter(
        listing__purpose=Listing.Purpose.CHECK,
        listing__sandbox=listing.sandbox,
        listing__marketplace=listing.marketplace_id,
        listing__seller_id=listing.seller_id,
        listing__received_at__gte=timezone.now() - WITHIN,
        perceptual_hash__isnull=False,
    ).exclude(listing=listing)
    latest = earlier.order_by("-listing__received_at").values_list("listing", "perceptual_hash")
    known = [(number, hashed or 0) for number, hashed in latest[:MAX_COMPARED]]
    return any(
        len({number for number, other in known if differing_bits(mine or 0, other) <= ALIKE_BITS})
        >= MAX_ALIKE
        for mine in hashes
    )
