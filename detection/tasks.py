"""Tasks of a few lines over actions; brandguard/celery.py has queues, limits and the schedule."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from brandguard.celery import MATCH, PASSING, RETRIES, app
from brandguard.queues import waiting
from detection.models import Listing

# Longer than a message needs from commit to broker, so that a fresh listing is not queued twice.
QUEUED_LONG_AGO = timedelta(seconds=10)
# Under a load that never lets the queue run empty: longer than a message should ever wait there.
LONGEST_WAIT = timedelta(minutes=10)
MOST_A_SWEEP = 500


@app.task(autoretry_for=PASSING, retry_backoff=True, max_retries=RETRIES)
def match_listing(*, listing_id: str, **_: Any) -> None:
    from detection.actions.match import match_listing as match
    from detection.actions.matcher import this_process_matcher

    listing = Listing.objects.awaiting_match().filter(pk=listing_id).first()
    if listing:
        match(listing=listing, matcher=this_process_matcher())


@app.task
def requeue_listings(**_: Any) -> None:
    """Listings that a killed worker left, and such whose message was lost: when none waits at the
    broker, nobody is going to begin them; nor such as have waited beyond all likelihood.
    """
    now = timezone.now()
    left = Listing.objects.abandoned(now)
    patience = QUEUED_LONG_AGO if not waiting(MATCH) else LONGEST_WAIT
    lost = Listing.objects.never_begun(now - patience)
    for listing in (left | lost).order_by("queued_at")[:MOST_A_SWEEP]:
        Listing.objects.awaiting_match().filter(pk=listing.pk).update(
            queued_at=now, leased_until=None
        )
        match_listing.delay(listing_id=str(listing.pk))
