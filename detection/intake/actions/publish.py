"""Records events about a listing for its marketplace, in the transaction that changes the listing."""

from typing import Any

from detection.delivery.actions.record_event import record_event
from detection.delivery.models import EventType
from detection.intake.models import Listing


def publish(listing: Listing, event_type: EventType, what: dict[str, Any]) -> None:
    about = {
        "id": str(listing.pk),
        "external_id": listing.external_id,
        "revision": listing.revision,
        "seller_id": listing.seller_id,
    }
    record_event(
        marketplace=listing.marketplace,
        event_type=event_type,
        listing_external_id=listing.external_id,
        sandbox=listing.sandbox,
        payload={"listing": about, **what},
    )


def not_looked_at(listing: Listing) -> dict[str, Any]:
    """Returns the number of refused pictures, which they are, and why; `position` counts from 1."""
    pictures = [
        {
            "position": image.position + 1,
            "name": image.name,
            "url": image.url,
            **(image.error or {}),
        }
        for image in listing.images.refused().order_by("position")
    ]
    return {"pictures_not_looked_at": len(pictures), "pictures": pictures}
