"""What changed for a brand is worked out for every listing that its designs match, from stored
matches: nothing is embedded again. Killed at any moment, the next worker goes on from there.
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
LEASE = timedelta(seconds=60)  # longer than one listing takes
RETRY = timedelta(minutes=10)  # before listings that failed are tried once more
PAGE = 100  # listings
MAX_FAILED = 1000
SECONDS_A_SWEEP, SECONDS_A_BRAND = 20, 10  # then the next sweep goes on: others have their turn


def ask_for_reassessment(brand: Brand) -> None:
    """Within the transaction of the change, so that it is not forgotten."""
    Reassessment.objects.ask(brand)
    enqueue_on_commit("detection.review.tasks.reassess")


def reassess_brands() -> int:
    """A share of what is left; how many listings were settled."""
    count, end = 0, time.monotonic() + SECONDS_A_SWEEP
    for asked in Reassessment.objects.order_by("asked_at")[:MAX_A_SWEEP]:
        if time.monotonic() >= end:
            break
        if asked.begin(timezone.now(), LEASE):
            count += work_out(asked, min(end, time.monotonic() + SECONDS_A_BRAND))
    return count


def work_out(asked: Reassessment, end: float) -> int:
    """How many listings were settled until `end`, on the monotonic clock."""
    if asked.stage == Reassessment.Stage.FAILED:
        return try_failed_again(asked)
    if asked.total is None:
        asked.note(total=listings_of(asked.brand_id).count())
    count = 0
    for number in left(asked):
        if time.monotonic() >= end:
            break
        if not assessed(number, failed_so_far=len(asked.failed)):
            asked.failed.append(str(number))
        if not asked.note_done(number, timezone.now() + LEASE):
            break  # something changed meanwhile: it counts for nothing
        count += 1
    else:
        if conclude(asked):
            return count
    Reassessment.objects.filter(pk=asked.pk).update(leased_until=None)
    return count


def left(asked: Reassessment) -> Iterator[UUID]:
    """Listings that are still to be settled, by key; after the last the first, where they are."""
    while True:
        page = list(next_page(asked))
        yield from page
        if not page:
            if asked.stage == Reassessment.Stage.AGAIN or not asked.stop_at:
                return
            asked.note(stage=Reassessment.Stage.AGAIN, cursor=None)


def next_page(asked: Reassessment) -> QuerySet[Listing, UUID]:
    rows = listings_of(asked.brand_id)
    if asked.cursor:
        rows = rows.filter(pk__gt=asked.cursor)
    if asked.stage == Reassessment.Stage.AGAIN:
        rows = rows.filter(pk__lte=asked.stop_at)
    return rows.order_by("pk").values_list("pk", flat=True)[:PAGE]


def conclude(asked: Reassessment) -> bool:
    """False when something changed meanwhile."""
    if asked.failed:
        stage = Reassessment.Stage.FAILED
        return asked.note(stage=stage, leased_until=timezone.now() + RETRY)
    return bool(asked.as_asked().delete()[0])


def try_failed_again(asked: Reassessment) -> int:
    numbers = asked.failed[:MAX_A_SWEEP]
    still = [number for number in numbers if not assessed(UUID(number))]
    asked.failed = still + asked.failed[MAX_A_SWEEP:]
    asked.note(failed=asked.failed)
    conclude(asked)
    return len(numbers) - len(still)


def assessed(number: UUID, failed_so_far: int = 0) -> bool:
    """One that fails stops none of the others; when very many do, it is not about them."""
    try:
        reassess_listing(number)
    except Exception as error:
        if is_transient(error) or failed_so_far >= MAX_FAILED:
            raise
        logger.exception("Listing %s could not be worked out again.", number)
        return False
    return True


def listings_of(brand: UUID) -> QuerySet[Listing]:
    """On offer, with any match with the brand that was kept."""
    matches = Match.objects.filter(view__design__brand=brand)
    return Listing.objects.current().filter(
        pk__in=matches.values("listing_image__listing"), state=Listing.State.MATCHED
    )


def reassess_listing(number: UUID) -> None:
    with transaction.atomic():
        assess_listing(listing=Listing.objects.select_for_update().get(pk=number))


def reassess_incomplete() -> int:
    """A share of those that stand otherwise than their marketplace chose; how many."""
    left = Listing.objects.assessed_otherwise().values_list("pk", flat=True)
    return each(list(left[:MAX_A_SWEEP]), reassess_listing)
