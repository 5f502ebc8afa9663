"""Tasks of a few lines over actions; brandguard/celery.py has queues, limits and the schedule."""

import contextlib
import logging
import sys
import time
from datetime import timedelta
from typing import Any

from celery.signals import worker_process_init
from django.db.models import Q
from django.utils import timezone

from brandguard.celery import CHECK, FETCH, MATCH, NOTIFY, RetriedTask, app
from brandguard.queues import waiting
from brandguard.sweeps import MAX_A_SWEEP, each
from detection.models import Coverage, Delivery, Listing, ListingImport, Report, WebhookEndpoint

logger = logging.getLogger(__name__)
# Longer than a message needs from commit to broker, so that a fresh listing is not queued twice.
QUEUED_LONG_AGO = timedelta(seconds=10)
# Under a load that never lets the queue run empty: longer than a message should ever wait there.
LONGEST_WAIT = timedelta(minutes=10)
# Seconds of loading and catching up, of the 120 that a task has.
LONGEST_START = 20.0
MOST_OF_AN_ENDPOINT = 100
JUST_QUEUED = timedelta(seconds=3)  # a new delivery is on its way to a worker by itself


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """The worker of checks has everything loaded before the first one comes."""
    if not any(word.startswith("--hostname=checker@") for word in sys.argv):
        return
    from detection.actions.matcher import this_process_matcher

    try:
        this_process_matcher().catalogue.catch_up()
    except Exception:  # told again by the first check, and no reason to end a worker
        logger.exception("The matcher could not be loaded ahead.")


@app.task(base=RetriedTask)
def match_listing(*, listing_id: str, **_: Any) -> None:
    from detection.actions.ingest import hand_over
    from detection.actions.match import match_listing as match
    from detection.actions.matcher import this_process_matcher

    listing = Listing.objects.awaiting_match().filter(pk=listing_id).first()
    if not listing:
        return
    began = time.monotonic()
    matcher = this_process_matcher()
    matcher.catalogue.catch_up()
    if time.monotonic() - began > LONGEST_START:
        hand_over(listing)  # to a task that has its whole time before it
    else:
        match(listing=listing, matcher=matcher)


@app.task(base=RetriedTask)
def fetch_images(*, listing_id: str, **_: Any) -> None:
    from detection.actions.fetch_images import fetch_images as fetch

    listing = Listing.objects.awaiting_fetch().filter(pk=listing_id).first()
    if listing:
        fetch(listing=listing)


@app.task(base=RetriedTask)
def import_listings(*, import_id: str, **_: Any) -> None:
    from detection.actions.import_listings import run_import

    job = ListingImport.objects.filter(pk=import_id, done_at=None).first()
    if job and run_import(job=job):
        import_listings.delay(import_id=import_id)


@app.task
def resume_imports(**_: Any) -> int:
    """Whose worker was killed, or whose message was lost."""
    now = timezone.now()
    left = Q(leased_until__lt=now) | Q(leased_until=None, created_at__lt=now - LONGEST_WAIT)
    numbers = ListingImport.objects.filter(left, done_at=None).values_list("pk", flat=True)
    return each(numbers[:MAX_A_SWEEP], lambda one: import_listings.delay(import_id=str(one)))


@app.task
def conclude_decisions(**_: Any) -> int:
    from detection.actions.decide import conclude_decisions as conclude

    return conclude()


@app.task
def release_overdue_appeals(**_: Any) -> int:
    from detection.actions.appeal import release_overdue_appeals as release

    return release()


@app.task
def resettle(**_: Any) -> int:
    from detection.actions.resettle import resettle_brands

    return resettle_brands()


@app.task
def settle_incomplete(**_: Any) -> int:
    from detection.actions.incomplete import settle_incomplete as settle

    return settle()


@app.task
def deliver(*, delivery_id: str, **_: Any) -> None:
    from detection.actions.deliver import deliver as attempt

    rows = Delivery.objects.select_related("event", "endpoint")
    delivery = rows.due(timezone.now()).filter(pk=delivery_id).first()
    if delivery:
        attempt(delivery=delivery)


@app.task
def go_on_with_replays(**_: Any) -> int:
    from detection.actions.replay import go_on_with_replays as go_on
    from detection.actions.webhooks import cancel_what_nobody_gets

    return cancel_what_nobody_gets() + go_on()


@app.task
def sweep_deliveries(**_: Any) -> int:
    """Those whose next attempt is due, a share of each endpoint's, and of one that keeps failing one
    alone: it must not hold every thread. Not while many wait at the broker already.
    """
    if waiting(NOTIFY) > MAX_A_SWEEP:
        return 0
    due = Delivery.objects.due(timezone.now() - JUST_QUEUED).order_by("next_attempt_at")
    count = 0
    for endpoint in WebhookEndpoint.objects.filter(pk__in=due.order_by().values("endpoint")):
        mine = due.filter(endpoint=endpoint).values_list("pk", flat=True)
        share = mine[: 1 if endpoint.is_failing else MOST_OF_AN_ENDPOINT]
        count += each(share, lambda number: deliver.delay(delivery_id=str(number)))
    return count


@app.task(base=RetriedTask)
def attack_design(*, coverage_id: int, **_: Any) -> None:
    from detection.actions.attack import attack_design as attack
    from detection.actions.matcher import this_process_matcher

    coverage = Coverage.objects.unfinished().filter(pk=coverage_id).first()
    if coverage and not attack(coverage=coverage, matcher=this_process_matcher()):
        attack_design.delay(coverage_id=coverage_id)


@app.task
def resume_coverage(**_: Any) -> int:
    """Whose worker was killed, whose message was lost, and what another model measured."""
    from detection.actions.cover import renew_outdated
    from detection.matching.similarity import NotCalibrated
    from detection.matching.versions import serving_version

    now = timezone.now()
    with contextlib.suppress(NotCalibrated):
        renew_outdated(serving_version())
    left = Coverage.objects.abandoned(now).filter(asked_at__lt=now - QUEUED_LONG_AGO)
    numbers = left.values_list("pk", flat=True)[:MAX_A_SWEEP]
    return each(numbers, lambda number: attack_design.delay(coverage_id=number))


@app.task(base=RetriedTask)
def examine_report(*, report_id: str, **_: Any) -> None:
    from detection.actions.examine import examine_report as examine
    from detection.actions.matcher import this_process_matcher

    report = Report.objects.awaiting_examination(timezone.now()).filter(pk=report_id).first()
    if report:
        examine(report=report, matcher=this_process_matcher())


@app.task
def resume_reports(**_: Any) -> int:
    """Whose worker was killed, or whose message was lost."""
    now = timezone.now()
    left = Report.objects.awaiting_examination(now).filter(at__lt=now - QUEUED_LONG_AGO)
    numbers = left.values_list("pk", flat=True)[:MAX_A_SWEEP]
    return each(numbers, lambda number: examine_report.delay(report_id=str(number)))


@app.task
def requeue_listings(**_: Any) -> int:
    """Listings that a killed worker left, and such whose message was lost: when none waits at the
    broker, nobody is going to begin them; nor such as have waited beyond all likelihood.
    """
    from detection.actions.ingest import hand_over

    now = timezone.now()

    def requeue(listing: Listing) -> None:
        listing.as_it_stood().update(queued_at=now, leased_until=None)
        hand_over(listing)

    count = 0
    for state, queues in (
        (Listing.State.QUEUED, (MATCH, CHECK)),
        (Listing.State.FETCHING, (FETCH,)),
    ):
        idle = not any(waiting(name) for name in queues)
        patience = QUEUED_LONG_AGO if idle else LONGEST_WAIT
        rows = Listing.objects.filter(state=state)
        left = rows.abandoned(now) | rows.never_begun(now - patience)
        count += each(left.order_by("queued_at")[:MAX_A_SWEEP], requeue)
    return count
