"""A listing comes in: stored with its pictures, to be matched by a worker."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from detection.models import Listing, ListingImage, Marketplace
from fingerprints.images.intake import Received, receive
from fingerprints.models import AuditEvent
from fingerprints.models.person import Person


@dataclass(frozen=True)
class Offer:
    """What a marketplace says of a listing, beside its pictures."""

    external_id: str
    seller_id: str
    title: str = ""
    address: str = ""
    category: str = ""
    price: Decimal | None = None
    currency: str = ""
    territories: list[str] = field(default_factory=list)


def ingest_listing(
    *,
    marketplace: Marketplace,
    offer: Offer,
    files: Sequence[File[bytes]],
    by: Person,
) -> Listing:
    """The same listing again is the row that is there; a changed one, or one that failed, is its
    next revision.

    A picture that cannot be read is kept as refused, with the reason; the others are matched.
    Raises WrongNumberOfImages, NoReadableImage.
    """
    received = receive(files)
    digest = content_sha256(offer, received)
    with transaction.atomic():
        # One at a time a marketplace: two posts of one listing cannot both become revision 1.
        Marketplace.objects.select_for_update().get(pk=marketplace.pk)
        earlier = Listing.objects.filter(marketplace=marketplace, external_id=offer.external_id)
        latest = earlier.order_by("-revision").first()
        unchanged = latest and latest.content_sha256 == digest
        if latest and unchanged and latest.state != Listing.State.FAILED:
            return latest
        listing = Listing.objects.create(
            marketplace=marketplace,
            revision=(earlier.aggregate(Max("revision"))["revision__max"] or 0) + 1,
            content_sha256=digest,
            queued_at=timezone.now(),
            **asdict(offer),
        )
        for position, picture in enumerate(received):
            ListingImage.objects.create(listing=listing, position=position, **picture.fields())
        AuditEvent.objects.record("listing.received", subject=listing, by=by)
        queue(listing)
    return listing


def queue(listing: Listing) -> None:
    """Once the rows are there for a worker to see; a broker that is away is made up for by upkeep."""
    from detection.tasks import match_listing

    transaction.on_commit(lambda: match_listing.delay(listing_id=str(listing.pk)), robust=True)


def content_sha256(offer: Offer, received: list[Received]) -> str:
    """Equal for what a repeated request sends, whatever the files are called."""
    content = {**asdict(offer), "images": [picture.sha256 for picture in received]}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
