"""No verdict can be had: the listing stays `pending`, which is never an allow, and whoever waits for it
is told why.
"""

from detection.actions.tell import not_looked_at, tell
from detection.models import EventType, Listing
from fingerprints.models import AuditEvent


def fail_listing(listing: Listing, *, rule: str, text: str, action: str = "listing.failed") -> None:
    """Within the caller's transaction, which holds the listing."""
    listing.fail(rule, text)
    AuditEvent.objects.record(action, subject=listing, by=None)
    if listing.purpose == Listing.Purpose.CHECK:
        answer_check(listing)
    elif listing.is_current:
        tell(
            listing,
            EventType.LISTING_FAILED,
            {"verdict": listing.verdict, "reasons": listing.reasons, **not_looked_at(listing)},
        )


def answer_check(listing: Listing) -> None:
    """Where the request had to end without an answer."""
    if listing.answer_owed:
        tell(
            listing,
            EventType.CHECK_ANSWERED,
            {
                "state": listing.state,
                "verdict": listing.verdict,
                "reasons": listing.reasons,
                **not_looked_at(listing),
            },
        )
