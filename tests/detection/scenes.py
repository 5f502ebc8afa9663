"""A design and what sellers make of it. Small pictures: they are matched in a tenth of a second."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Marketplace
from detection.intake.actions.ingest import Offer, ingest_listing
from detection.intake.models import Listing
from tests import factories
from tests.pictures import drawn, encoded, photograph
from vision.edits import transforms as edits
from vision.pictures.picture import Picture
from vision.pictures.resize import fit

BOTTLE = fit(photograph("coffee.png"), longest=300)
COPY = edits.rotate(BOTTLE, degrees=8)
# The same colours in the same places, and nothing that geometry could hold on to.
BLURRED = edits.resize(edits.resize(BOTTLE, width=6, height=4), width=300, height=200)
UNRELATED = drawn(5)


def posted(on: Marketplace, *pictures: Picture | bytes, **offer: object) -> Listing:
    """As a marketplace sends it."""
    files = [
        factories.upload(picture if isinstance(picture, bytes) else encoded(picture), f"{n}.png")
        for n, picture in enumerate(pictures)
    ]
    said = Offer(**{"external_id": "offer-1", "seller_id": "seller-1"} | offer)  # type: ignore[arg-type]
    return ingest_listing(marketplace=on, offer=said, pictures=[*files], by=factories.staff())


def queued(marketplace: Marketplace, *, ago: float, lease_over: float | None = None) -> Listing:
    """Queued that many seconds ago; its lease, if any, over for that many (negative: still on)."""
    now = timezone.now()
    lease = None if lease_over is None else now - timedelta(seconds=lease_over)
    queued_at = now - timedelta(seconds=ago)
    return factories.listing(marketplace, queued_at=queued_at, leased_until=lease)
