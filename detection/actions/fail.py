"""No verdict can be had: the listing stays `pending`, which is never an allow, and whoever waits for it
is told why.
"""

from typing import Any

from detection.actions.tell import tell
from detection.models import EventType, Listing, ListingImage
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
            {"verdict": listing.verdict, "reasons": listing.reasons, "pictures": refused(listing)},
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
                "pictures": refused(listing),
            },
        )


def refused(listing: Listing) -> list[dict[str, Any]]:
    """Each picture that could not be looked at, and why; `position` counts from 1."""
    images = listing.images.filter(state=ListingImage.State.REFUSED).order_by("position")
    return [
        {
            "position": image.position + 1,
            "name": image.name,
            "address": image.address,
            **(image.error or {}),
        }
        for image in images
    ]
