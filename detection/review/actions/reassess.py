"""Reassesses all listings that a brand's designs match after something changed for the brand, from stored
matches. When a worker is killed, the next one continues where it stopped.
"""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from brandguard.kernel.queueing import enqueue_on_commit
from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from brandguard.kernel.transient import is_transient
from detection.intake.models import Listing
from detection.matching.models import Match
from detection.review.actions.assess import assess_listing
from detection.review.models import Reassessment
from fingerprints.models import Brand

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # longer than the assessment of one listing
RETRY = timedelta(minutes=10)  # until failed listings are tried again
PAGE = 100  # listings
MAX_FAILED = 1000
SECONDS_A_SWEEP, SECONDS_A_BRAND = 20, 10  # time limits; the next sweep continues


def ask_for_reassessment(brand: Brand) -> None:
    """Requests a reassessment in the transaction of the change, so the request cannot get lost."""
    Reassessment.objects.ask(brand)
    enqueue_on_commit("detection.review.tasks.reassess")


def reassess_brands() -> int:
    """Works on the requested reassessments for a while and returns the number of listings assessed."""
    count, end = 0, time.monotonic() + SECONDS_A_SWEEP
    for request in Reassessment.objects.order_by("asked_at")[:MAX_A_SWEEP]:
        if time.monotonic() >= end:
            break
        if request.begin(timezone.now(), LEASE):
            count += reassess_brand(request, min(end, time.monotonic() + SECONDS_A_BRAND))
    return count


def reassess_brand(request: Reassessment, end: float) -> int:
    """Assesses listings until `end`, on the monotonic clock, and returns their number."""
    if request.stage == Reassessment.Stage.FAILED:
        return try_failed_again(request)
    if request.total is None:
        request.note(total=listings_of(request.brand_id).count())
    count = 0
    for number in remaining(request):
        if time.monotonic() >= end:
            break
        if not try_to_assess(number, failed_so_far=len(request.failed)):
            request.failed.append(str(number))
        if not request.note_done(number, timezone.now() + LEASE):
            break  # something changed meanwhile, so the assessment does not count
        count += 1
    else:
        if finish(request):
            return count
    Reassessment.objects.filter(pk=request.pk).update(leased_until=None)
    return count


def remaining(request: Reassessment) -> Iterator[UUID]:
    """Yields the listings still to be assessed, by key, and then again those before the latest change."""
    while True:
        page = list(next_page(request))
        yield from page
        if not page:
            if request.stage == Reassessment.Stage.AGAIN or not request.stop_at:
                return
            request.note(stage=Reassessment.Stage.AGAIN, cursor=None)


def next_page(request: Reassessment) -> QuerySet[Listing, UUID]:
    rows = listings_of(request.brand_id)
    if request.cursor:
        rows = rows.filter(pk__gt=request.cursor)
    if request.stage == Reassessment.Stage.AGAIN:
        rows = rows.filter(pk__lte=request.stop_at)
    return rows.order_by("pk").values_list("pk", flat=True)[:PAGE]


def finish(request: Reassessment) -> bool:
    """Deletes the request, or schedules the failed listings. Returns False if something changed meanwhile."""
    if request.failed:
        stage = Reassessment.Stage.FAILED
        return request.note(stage=stage, leased_until=timezone.now() + RETRY)
    return bool(request.if_unchanged().delete()[0])


def try_failed_again(request: Reassessment) -> int:
    numbers = request.failed[:MAX_A_SWEEP]
    failed = [number for number in numbers if not try_to_assess(UUID(number))]
    request.failed = failed + request.failed[MAX_A_SWEEP:]
    request.note(failed=request.failed)
    finish(request)
    return len(numbers) - len(failed)


def try_to_assess(number: UUID, failed_so_far: int = 0) -> bool:
    """Returns whether the listing was assessed. Its failure does not stop the others, except after MAX_FAILED
    failures, which mean that the cause is not in the listings.
    """
    try:
        reassess_listing(number)
    except Exception as error:
        if is_transient(error) or failed_so_far >= MAX_FAILED:
            raise
        logger.exception("Listing %s could not be reassessed.", number)
        return False
    return True


def listings_of(brand: UUID) -> QuerySet[Listing]:
    """Returns current listings with a stored match of the brand."""
    matches = Match.objects.filter(view__design__brand=brand)
    return Listing.objects.current().filter(
        pk__in=matches.values("listing_image__listing"), state=Listing.State.MATCHED
    )


def reassess_listing(number: UUID) -> None:
    with transaction.atomic():
        assess_listing(listing=Listing.objects.select_for_update().get(pk=number))


def reassess_incomplete() -> int:
    """Reassesses a share of incomplete listings after their marketplace changed its choice; returns how many."""
    rows = Listing.objects.assessed_otherwise().values_list("pk", flat=True)
    return each(list(rows[:MAX_A_SWEEP]), reassess_listing)
