"""What lies at URLs, and a listing whose pictures are fetched from there."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import Marketplace
from detection.intake.actions.fetch_images import fetch_images
from detection.intake.actions.ingest import Intake, Offer, ingest_listing
from detection.intake.models import Listing
from tests.pictures import drawn, encoded

PICTURE = encoded(drawn(1))
A, B = "https://img.example/a.png", "https://img.example/b.png"


class World:
    """What lies at each URL: bytes, or the fault of asking there."""

    def __init__(self, **at: Any) -> None:
        self.at = at
        self.asked: list[tuple[str, Sequence[str] | None]] = []

    def get(self, url: str, hosts: Sequence[str] | None) -> bytes:
        self.asked.append((url, hosts))
        found = self.at[url[-5]]
        if isinstance(found, Exception):
            raise found
        return bytes(found)


def posted(marketplace: Marketplace, *urls: str, **intake: Any) -> Listing:
    return ingest_listing(
        marketplace=marketplace,
        offer=Offer("offer-1", "seller-1"),
        pictures=urls,
        intake=Intake(**intake),
        by=AnonymousUser(),
    )


def after(listing: Listing, world: World) -> Listing:
    fetch_images(listing=Listing.objects.get(pk=listing.pk), get=world.get)
    return Listing.objects.get(pk=listing.pk)


def states(listing: Listing) -> list[str]:
    return list(listing.images.order_by("position").values_list("state", flat=True))
