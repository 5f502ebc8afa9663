"""Stores a new listing with its pictures and queues it for workers to fetch and match."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent, Marketplace
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from brandguard.kernel.queueing import CHECK, FETCH, MATCH, enqueue, enqueue_on_commit
from detection.intake.models import Listing, ListingImage
from detection.intake.models.listing import ListingQuerySet
from detection.outbound.urls import URLRefused, parsed
from fingerprints.pictures.received import Received, WrongNumberOfImages, receive
from vision.pictures.errors import as_error


@dataclass(frozen=True)
class Offer:
    """What a marketplace sends with a listing's pictures."""

    external_id: str
    seller_id: str
    title: str = ""
    url: str = ""
    category: str = ""
    price: Decimal | None = None
    currency: str = ""
    territories: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Intake:
    """How the listing came in; `idempotency_key` is empty where the sender gave none."""

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
    """Returns the existing row if the same listing was sent before. A listing that has changed, failed,
    lacks pictures or was withdrawn becomes the next revision. A check always becomes a new row, unless
    it repeats an idempotency key.

    `pictures` are files and URLs to fetch; URLs come last. A file that cannot be read and a URL that
    can never be fetched are kept as refused, with the reason; the others are matched.
    Raises URLRefused, WrongNumberOfImages, NoReadableImage, IdempotencyKeyReused.
    """
    urls = [one for one in pictures if isinstance(one, str)]
    refused = unfetchable(urls, marketplace)
    files = [one for one in pictures if not isinstance(one, str)]
    if refused and len(refused) == len(urls) and not files:
        raise refused[min(refused)]
    received = receive_all(files, urls, fetchable=len(refused) < len(urls))
    digest = content_sha256(offer, received, urls)
    with transaction.atomic():
        # Serialises each marketplace, so that two posts of one listing cannot both become revision 1.
        Marketplace.objects.select_for_update().get(pk=marketplace.pk)
        mine = Listing.objects.filter(marketplace=marketplace, sandbox=intake.sandbox)
        if known := of_key(mine, intake, digest) or unchanged(mine, offer, intake, digest):
            return known
        fetching = len(refused) < len(urls)
        listing = create(marketplace, offer, intake, digest, fetching=fetching)
        for position, picture in enumerate(received):
            ListingImage.objects.create(listing=listing, position=position, **picture.fields())
        for number, url in enumerate(urls):
            keep_url(listing, len(received) + number, url, refused.get(number))
        AuditEvent.objects.record(f"{intake.purpose}.received", subject=listing, by=by)
        queue(listing)
    return listing


def unfetchable(urls: Sequence[str], marketplace: Marketplace) -> dict[int, URLRefused]:
    """Returns errors by number for the URLs that can never be fetched, judged by the URL alone."""
    errors = {}
    for number, url in enumerate(urls):
        try:
            parsed(url, hosts=marketplace.fetch_hosts or None)
        except URLRefused as error:
            error.field = f"image_urls[{number}]"
            errors[number] = error
    return errors


def receive_all(
    files: Sequence[File[bytes]], urls: Sequence[str], *, fetchable: bool
) -> list[Received]:
    if not 1 <= len(files) + len(urls) <= settings.MAX_IMAGES:
        raise WrongNumberOfImages(
            f"There are {len(files) + len(urls)} pictures.",
            remedy=f"Send 1 to {settings.MAX_IMAGES} in the fields images and image_urls.",
            field="images",
        )
    return receive(files, others=fetchable) if files else []


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
    return found.exclude(state=Listing.State.FAILED).filter(incomplete_as="").first()


def create(
    marketplace: Marketplace, offer: Offer, intake: Intake, digest: str, *, fetching: bool
) -> Listing:
    now = timezone.now()
    return Listing.objects.create(
        marketplace=marketplace,
        revision=supersede(marketplace, offer, intake) + 1,
        content_sha256=digest,
        state=Listing.State.FETCHING if fetching else Listing.State.QUEUED,
        queued_at=now,
        **asdict(offer),
        **asdict(intake),
    )


def supersede(marketplace: Marketplace, offer: Offer, intake: Intake) -> int:
    """Marks earlier revisions as superseded and returns the latest number, 0 for none."""
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


def keep_url(listing: Listing, position: int, url: str, error: URLRefused | None) -> None:
    ListingImage.objects.create(
        listing=listing,
        position=position,
        name=url.rpartition("/")[2][:255] or "picture",
        url=url,
        state=ListingImage.State.REFUSED if error else ListingImage.State.FETCHING,
        error=as_error(error) if error else None,
    )


def queue(listing: Listing) -> None:
    """Queues the listing on commit. If the broker is away, upkeep queues it later."""
    enqueue_on_commit(task_of(listing), queue=queue_of(listing), listing_id=str(listing.pk))


def hand_over(listing: Listing) -> None:
    """Queues the listing at once. Raises kombu's OperationalError while the broker is away."""
    enqueue(task_of(listing), queue=queue_of(listing), listing_id=str(listing.pk))


def task_of(listing: Listing) -> str:
    if listing.state == Listing.State.FETCHING:
        return "detection.intake.tasks.fetch_images"
    return "detection.matching.tasks.match_listing"


def queue_of(listing: Listing) -> str:
    """Returns the queue; checks have one of their own, because somebody waits for them."""
    if listing.state == Listing.State.FETCHING:
        return FETCH
    return CHECK if listing.purpose == Listing.Purpose.CHECK else MATCH


def content_sha256(offer: Offer, received: list[Received], urls: Sequence[str]) -> str:
    """Returns a hash that is equal for a repeated request, whatever its files are called. The content
    behind a URL is not part of it: a picture that has changed must be sent with another URL.
    """
    content = {**asdict(offer), "images": [picture.sha256 for picture in received]}
    if urls:
        content["image_urls"] = list(urls)
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
