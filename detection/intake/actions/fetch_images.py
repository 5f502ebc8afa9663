"""Fetches a listing's pictures from the URLs that the marketplace gave, and queues it for matching."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from brandguard.kernel.errors import DomainError
from brandguard.kernel.queueing import FETCHER_THREADS
from brandguard.kernel.transient import is_transient
from detection.intake.actions.attempts import counted
from detection.intake.actions.fail import NO_PICTURE, fail_listing
from detection.intake.actions.ingest import queue
from detection.intake.models import Listing, ListingImage
from detection.outbound.client import FetchFailed, HostSilent, fetch
from detection.outbound.slots import Slots
from detection.outbound.urls import HostUnknown
from fingerprints.pictures.received import receive_one
from vision.pictures.errors import ImageError, as_error

logger = logging.getLogger(__name__)
# A worker starts no further picture of the listing after this: threads have no time limit of Celery's.
MAX_SECONDS = 60
# MAX_SECONDS and the longest that one picture may take; then another worker may take the listing.
LEASE = timedelta(minutes=3)
# Seconds after each failed attempt that may succeed later. A check is tried once, as somebody waits.
DELAYS = (2, 10, 60, 300)
SOON = 2  # seconds, for a picture that was not attempted because its host is busy with others
SLOTS = Slots(threads=FETCHER_THREADS)

type Get = Callable[[str, Sequence[str] | None], bytes]
"""Returns the bytes at a URL of these hosts, or of any host for None. Raises DomainError, `permanent`."""


def get(url: str, hosts: Sequence[str] | None) -> bytes:
    return fetch(url, hosts=hosts).data


def fetch_images(*, listing: Listing, get: Get = get, slots: Slots = SLOTS) -> None:
    """Does nothing while another worker holds the listing. A picture that cannot be fetched is refused
    with the reason, and the others go on; one that may be fetched later keeps the listing waiting.
    """
    now = timezone.now()
    if not listing.begin(now, LEASE):
        return
    counted(listing, lambda listing: visit_hosts(listing, Visit(listing, get, slots)))


def visit_hosts(listing: Listing, visit: "Visit") -> None:
    waiting = listing.images.filter(state=ListingImage.State.FETCHING)
    delays = [delay for image in waiting if (delay := visit.fetch(image))]
    if delays:
        listing.renew(timezone.now(), timedelta(seconds=min(delays)))
        return
    continue_with(listing)


class Visit:
    """One worker's attempt at a listing's pictures. It does not ask a silent host again."""

    def __init__(self, listing: Listing, get: Get, slots: Slots) -> None:
        self.listing, self.get, self.slots = listing, get, slots
        self.end = time.monotonic() + MAX_SECONDS
        self.silent: dict[str, DomainError] = {}

    def fetch(self, image: ListingImage) -> int | None:
        """Returns seconds until the next attempt; None once the picture is fetched or refused."""
        host = urlsplit(image.url).hostname or ""
        if known := self.silent.get(host):
            return self.failed(image, known)
        with self.slots.taken(host) as free:
            if not free or time.monotonic() > self.end:
                return SOON
            try:
                data = self.get(image.url, self.listing.marketplace.fetch_hosts or None)
            except (HostSilent, HostUnknown) as error:
                self.silent[host] = error
                return self.failed(image, error)
            except DomainError as error:
                return self.failed(image, error)
            except Exception as error:
                if is_transient(error):
                    raise
                logger.exception("Picture %s could not be fetched.", image.pk)
                return self.failed(image, FetchFailed("The picture could not be fetched."))
        received = receive_one(ContentFile(data, image.name))
        image.width, image.height = received.size or (None, None)
        keep(image, data, received.error, received.sha256)
        return None

    def failed(self, image: ListingImage, error: DomainError) -> int | None:
        again = not getattr(error, "permanent", False) and image.attempts < len(DELAYS)
        if again and self.listing.purpose != Listing.Purpose.CHECK:
            image.attempts += 1
            image.save(update_fields=["attempts"])
            return DELAYS[image.attempts - 1]
        keep(image, b"", as_error(error))
        return None


def keep(image: ListingImage, data: bytes, error: ImageError | None, sha256: str = "") -> None:
    image.error = error
    image.state = ListingImage.State.REFUSED if error else ListingImage.State.PENDING
    image.attempts = 0
    image.sha256 = sha256
    if data:
        image.file = ContentFile(data, image.name)
    image.save()


def continue_with(listing: Listing) -> None:
    """Queues the listing for matching, or fails it when there is nothing to match."""
    with transaction.atomic():
        row = Listing.objects.select_for_update().awaiting_fetch().filter(pk=listing.pk).first()
        if row is None:
            return
        if not row.images.filter(state=ListingImage.State.PENDING).exists():
            fail_listing(row, rule="no_readable_picture", text=NO_PICTURE)
            return
        row.state = Listing.State.QUEUED
        row.leased_until, row.attempts = None, 0
        row.queued_at = timezone.now()
        row.save(update_fields=["state", "leased_until", "attempts", "queued_at"])
        queue(row)
