"""Tasks of a few lines over actions; brandguard/celery.py has queues, limits and the schedule."""

from typing import Any

from celery import shared_task

from brandguard.kernel.queueing import RetriedTask, enqueue
from detection.intake.models import Listing, ListingImport


@shared_task(base=RetriedTask)
def fetch_images(*, listing_id: str, **_: Any) -> None:
    from detection.intake.actions.fetch_images import fetch_images as fetch

    listing = Listing.objects.awaiting_fetch().filter(pk=listing_id).first()
    if listing:
        fetch(listing=listing)


@shared_task(base=RetriedTask)
def import_listings(*, import_id: str, **_: Any) -> None:
    from detection.intake.actions.import_listings import run_import

    job = ListingImport.objects.filter(pk=import_id, done_at=None).first()
    if job and run_import(job=job):
        enqueue("detection.intake.tasks.import_listings", import_id=import_id)


@shared_task
def resume_imports(**_: Any) -> int:
    from detection.intake.actions import sweeps

    return sweeps.resume_imports()


@shared_task
def requeue_listings(**_: Any) -> int:
    from detection.intake.actions import sweeps

    return sweeps.requeue_listings()
