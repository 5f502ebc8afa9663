"""Retries failed listings on behalf of the operator's staff."""

from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.models.person import Person
from detection.intake.actions.attempts import GAVE_UP
from detection.intake.actions.ingest import queue
from detection.intake.models import Listing, ListingImage, Verdict


def requeue_failed(*, listing: Listing, by: Person) -> bool:
    """Fetches refused pictures again, or decodes them again where there is a file; also for a listing
    that is held only because pictures are missing. Returns False where the listing awaits a verdict
    already, has one for another reason, or is no longer on offer.
    """
    with transaction.atomic():
        held = Listing.objects.select_for_update().get(pk=listing.pk)
        if not (held.state == Listing.State.FAILED or lacks_pictures_alone(held)):
            return False
        if not held.is_current:
            return False
        refused = held.images.filter(state=ListingImage.State.REFUSED)
        renewed = {"error": None, "attempts": 0}
        to_fetch = refused.exclude(url="").update(state=ListingImage.State.FETCHING, **renewed)
        to_decode = refused.filter(url="").exclude(file="")
        decodable = to_decode.update(state=ListingImage.State.PENDING, **renewed)
        if has_failed_itself(held):
            to_fetch += held.images.filter(state=ListingImage.State.FETCHING).count()
            decodable += held.images.exclude(state=ListingImage.State.REFUSED).count()
        if not to_fetch and not decodable:
            return False
        held.state = Listing.State.FETCHING if to_fetch else Listing.State.QUEUED
        held.reasons, held.queued_at, held.leased_until = [], timezone.now(), None
        held.verdict, held.verdict_at, held.statement = Verdict.PENDING, None, None
        held.matched_at, held.incomplete_as, held.pictures_not_looked_at = None, "", 0
        held.save()
        AuditEvent.objects.record("listing.requeued", subject=held, by=by)
        queue(held)
    return True


def has_failed_itself(listing: Listing) -> bool:
    """Whether the listing failed, not its pictures."""
    failed = listing.state == Listing.State.FAILED
    return failed and any(reason["rule"] == GAVE_UP for reason in listing.reasons)


def lacks_pictures_alone(listing: Listing) -> bool:
    """Whether the listing is held without an alert that a reviewer can decide."""
    held = listing.is_incomplete and listing.verdict == Verdict.HOLD
    return held and not listing.alerts.exists()
