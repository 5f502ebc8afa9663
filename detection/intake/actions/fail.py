"""Fails a listing without a verdict. It stays `pending`, which is never an allow, and an event or the
waiting check says why.
"""

from accounts.models import AuditEvent
from detection.delivery.models import EventType
from detection.intake.actions.publish import not_looked_at, publish
from detection.intake.models import Listing

NO_PICTURE = "None of the pictures can be read: send the listing again with readable ones."


def fail_listing(listing: Listing, *, rule: str, text: str, action: str = "listing.failed") -> None:
    """Fails the listing in the caller's transaction, which holds it."""
    listing.fail(rule, text)
    AuditEvent.objects.record(action, subject=listing, by=None)
    if listing.purpose == Listing.Purpose.CHECK:
        answer_check(listing)
    elif listing.is_current:
        publish(
            listing,
            EventType.LISTING_FAILED,
            {"verdict": listing.verdict, "reasons": listing.reasons, **not_looked_at(listing)},
        )


def answer_check(listing: Listing) -> None:
    """Publishes the answer if the request ended without it."""
    if listing.answer_owed:
        publish(
            listing,
            EventType.CHECK_ANSWERED,
            {
                "state": listing.state,
                "verdict": listing.verdict,
                "reasons": listing.reasons,
                **not_looked_at(listing),
            },
        )
