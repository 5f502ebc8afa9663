"""A listing comes in: stored with its pictures, to be fetched and matched by workers."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from brandguard.celery import CHECK, FETCH, MATCH
from brandguard.faults import Conflict
from detection.models import Listing, ListingImage, Marketplace
from detection.models.listing import ListingQuerySet
from fingerprints.images.intake import Received, WrongNumberOfImages, receive
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


@dataclass(frozen=True)
class Intake:
    """How it came: `idempotency_key` is empty where the sender gave none."""

    purpose: Listing.Purpose = Listing.Purpose.LISTING
    sandbox: bool = False
    idempotency_key: str = ""


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"


def ingest_listing(
    *,
    marketplace: Marketplace,
    offer: Offer,
    pictures: Sequence[File[bytes] | str],
    intake: Intake = Intake(),
    by: Person,
) -> Listing:
    """The same listing again is the row that is there; a changed one, or one that failed or was
    withdrawn, is its next revision. A check is always a row of its own, but for a repeated
    idempotency key.

    `pictures` are files, or addresses to fetch them from, which come last. One that cannot be read is
    kept as refused, with the reason; the others are matched.
    Raises WrongNumberOfImages, NoReadableImage, IdempotencyKeyReused.
    """
    addresses = [one for one in pictures if isinstance(one, str)]
    received = receive_all([one for one in pictures if not isinstance(one, str)], addresses)
    digest = content_sha256(offer, received, addresses)
    with transaction.atomic():
        # One at a time a marketplace: two posts of one listing cannot both become revision 1.
        Marketplace.objects.select_for_update().get(pk=marketplace.pk)
        mine = Listing.objects.filter(marketplace=marketplace, sandbox=intake.sandbox)
        if known := of_key(mine, intake, digest) or unchanged(mine, offer, intake, digest):
            return known
        listing = create(marketplace, offer, intake, digest, addresses)
        for position, picture in enumerate(received):
            ListingImage.objects.create(listing=listing, position=position, **picture.fields())
        for position, address in enumerate(addresses, len(received)):
            keep_address(listing, position, address)
        AuditEvent.objects.record(f"{intake.purpose}.received", subject=listing, by=by)
        queue(listing)
    return listing


def receive_all(files: Sequence[File[bytes]], addresses: Sequence[str]) -> list[Received]:
    if not 1 <= len(files) + len(addresses) <= settings.MAX_IMAGES:
        raise WrongNumberOfImages(
            f"There are {len(files) + len(addresses)} pictures.",
            remedy=f"Send 1 to {settings.MAX_IMAGES} in the fields images and image_addresses.",
            field="images",
        )
    return receive(files, others=bool(addresses)) if files else []


def of_key(mine: ListingQuerySet, intake: Intake, digest: str) -> Listing | None:
    if not intake.idempotency_key:
        return None
    found = mine.filter(idempotency_key=intake.idempotency_key).first()
    if found and (found.content_sha256, found.purpose) != (digest, intake.purpose):
        raise IdempotencyKeyReused(
            "This idempotency key was sent before with other content.",
            remedy="Send a new key with new content, or the same content with the same key.",
            field="Idempotency-Key",
        )
    return found


def unchanged(mine: ListingQuerySet, offer: Offer, intake: Intake, digest: str) -> Listing | None:
    if intake.purpose == Listing.Purpose.CHECK:
        return None
    found = mine.current().filter(
        purpose=Listing.Purpose.LISTING, external_id=offer.external_id, content_sha256=digest
    )
    return found.exclude(state=Listing.State.FAILED).first()


def create(
    marketplace: Marketplace, offer: Offer, intake: Intake, digest: str, addresses: Sequence[str]
) -> Listing:
    now = timezone.now()
    return Listing.objects.create(
        marketplace=marketplace,
        revision=supersede(marketplace, offer, intake) + 1,
        content_sha256=digest,
        state=Listing.State.FETCHING if addresses else Listing.State.QUEUED,
        queued_at=now,
        **asdict(offer),
        **asdict(intake),
    )


def supersede(marketplace: Marketplace, offer: Offer, intake: Intake) -> int:
    """The latest revision so far, 0 for none; from now on it is an earlier one."""
    if intake.purpose == Listing.Purpose.CHECK:
        return 0
    earlier = Listing.objects.filter(
        marketplace=marketplace,
        sandbox=intake.sandbox,
        external_id=offer.external_id,
        purpose=Listing.Purpose.LISTING,
    )
    latest = earlier.order_by("-revision").values_list("revision", flat=True).first()
    earlier.filter(superseded_at=None).update(superseded_at=timezone.now())
    return latest or 0


def keep_address(listing: Listing, position: int, address: str) -> None:
    ListingImage.objects.create(
        listing=listing,
        position=position,
        name=address.rpartition("/")[2][:255] or "picture",
        address=address,
        state=ListingImage.State.FETCHING,
    )


def queue(listing: Listing) -> None:
    """Once the rows are there for a worker to see; a broker that is away is made up for by upkeep."""
    transaction.on_commit(partial(hand_over, listing), robust=True)


def hand_over(listing: Listing) -> None:
    from detection.tasks import fetch_images, match_listing

    task = fetch_images if listing.state == Listing.State.FETCHING else match_listing
    task.apply_async(kwargs={"listing_id": str(listing.pk)}, queue=queue_of(listing))


def queue_of(listing: Listing) -> str:
    """Somebody waits for a check."""
    if listing.state == Listing.State.FETCHING:
        return FETCH
    return CHECK if listing.purpose == Listing.Purpose.CHECK else MATCH


def content_sha256(offer: Offer, received: list[Received], addresses: Sequence[str]) -> str:
    """Equal for what a repeated request sends, whatever the files are called. What lies at an
    address is not part of it: a picture that changed there is to be sent from another one.
    """
    content = {**asdict(offer), "images": [picture.sha256 for picture in received]}
    if addresses:
        content["image_addresses"] = list(addresses)
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
