"""What a marketplace reports later about a listing that it sent."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.models.person import Person
from detection.intake.models import Listing


def withdraw_listing(*, listing: Listing, by: Person) -> Listing:
    """Marks the listing as no longer on offer; its alerts leave the queue. Repeating changes nothing."""
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=listing.pk)
        if listing.withdrawn_at is None:
            listing.withdrawn_at = timezone.now()
            listing.save(update_fields=["withdrawn_at"])
            AuditEvent.objects.record("listing.withdrawn", subject=listing, by=by)
    return listing


def record_action(
    *, listing: Listing, action: Listing.MarketplaceAction, at: datetime | None, by: Person
) -> Listing:
    """Records what the marketplace did. Repeating changes nothing."""
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=listing.pk)
        if (listing.action, at or listing.action_at) != (action, listing.action_at):
            listing.action, listing.action_at = action, at or timezone.now()
            listing.save(update_fields=["action", "action_at"])
            AuditEvent.objects.record("listing.action", subject=listing, by=by, what=action)
    return listing
