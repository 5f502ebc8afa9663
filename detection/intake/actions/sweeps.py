"""Upkeep: queues work again whose worker was killed or whose message was lost."""

from django.db.models import Q
from django.utils import timezone

from brandguard.kernel.queueing import CHECK, FETCH, MATCH, enqueue, waiting
from brandguard.kernel.sweeps import MAX_A_SWEEP, MAX_WAIT, QUEUED_LONG_AGO, each
from detection.intake.actions.ingest import hand_over
from detection.intake.models import Listing, ListingImport


def resume_imports() -> int:
    now = timezone.now()
    left = Q(leased_until__lt=now) | Q(leased_until=None, created_at__lt=now - MAX_WAIT)
    numbers = ListingImport.objects.filter(left, done_at=None).values_list("pk", flat=True)
    task = "detection.intake.tasks.import_listings"
    return each(numbers[:MAX_A_SWEEP], lambda one: enqueue(task, import_id=str(one)))


def requeue_listings() -> int:
    """Queues listings whose lease has expired, and those that no worker has begun: soon if the broker's
    queue is empty, after MAX_WAIT otherwise.
    """
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
        patience = QUEUED_LONG_AGO if idle else MAX_WAIT
        rows = Listing.objects.filter(state=state)
        left = rows.abandoned(now) | rows.never_begun(now - patience)
        count += each(left.order_by("queued_at")[:MAX_A_SWEEP], requeue)
    return count
