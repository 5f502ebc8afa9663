"""Attempts are counted, and a listing that ends its workers fails."""

import pytest

from accounts.models import Marketplace
from brandguard.kernel.lease import MAX_ATTEMPTS
from detection.intake.actions.fetch_images import DELAYS
from detection.intake.models import Listing
from tests.detection.intake.fetched import PICTURE, A, B, World, after, posted, states


def test_a_failure_of_any_kind_counts(marketplace: Marketplace) -> None:
    listing = posted(marketplace, A, B)
    world = World(a=LookupError("no such codec"), b=PICTURE)
    for _ in range(len(DELAYS) + 1):
        Listing.objects.update(leased_until=None)
        last = after(listing, world)
    assert (last.state, states(last)) == ("queued", ["refused", "pending"])


def test_a_listing_that_ends_its_workers_is_told_of_as_failed(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = posted(marketplace, A)
    monkeypatch.setattr("detection.intake.actions.fetch_images.continue_with", killed)
    for _ in range(MAX_ATTEMPTS):
        Listing.objects.update(leased_until=None)
        with pytest.raises(MemoryError):
            after(listing, World(a=PICTURE))
    Listing.objects.update(leased_until=None)
    last = after(listing, World(a=PICTURE))
    assert (last.state, last.reasons[0]["rule"]) == ("failed", "gave_up")


def killed(_: Listing) -> None:
    raise MemoryError
