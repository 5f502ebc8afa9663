"""Pictures are fetched from the URLs that a marketplace sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Marketplace
from detection.intake.actions.fetch_images import DELAYS, SOON, fetch_images
from detection.intake.models import Listing
from detection.outbound.client import FetchFailed, HostSilent
from detection.outbound.slots import Slots
from detection.outbound.urls import HostUnknown, URLRefused
from tests.detection.intake.fetched import PICTURE, A, B, World, after, posted, states

LATER = FetchFailed("It answers 503.")
REFUSED = URLRefused("The URL is not asked.", remedy="Send a public one.", field="url")


def test_a_listing_by_urls_waits_to_be_fetched(marketplace: Marketplace) -> None:
    listing = posted(marketplace, A, B)
    assert (listing.state, states(listing)) == ("fetching", ["fetching", "fetching"])


def test_then_it_is_queued_to_be_matched(marketplace: Marketplace) -> None:
    listing = after(posted(marketplace, A, B), World(a=PICTURE, b=PICTURE))
    assert (listing.state, states(listing)) == ("queued", ["pending", "pending"])
    with listing.images.first().file.open() as file:  # type: ignore[union-attr]
        assert file.read() == PICTURE


@pytest.mark.parametrize(
    "bad", [REFUSED, FetchFailed("It answers 404.", permanent=True), b"<html>"]
)
def test_what_cannot_be_had_is_refused_with_the_reason_and_the_rest_goes_on(
    marketplace: Marketplace, bad: Any
) -> None:
    listing = after(posted(marketplace, A, B), World(a=bad, b=PICTURE))
    assert (listing.state, states(listing)) == ("queued", ["refused", "pending"])
    error = listing.images.order_by("position")[0].error
    assert error
    assert error["remedy"]


def test_where_nothing_can_be_had_there_is_no_verdict(marketplace: Marketplace) -> None:
    listing = after(posted(marketplace, A), World(a=REFUSED))
    assert (listing.state, listing.verdict) == ("failed", "pending")


def test_what_may_be_had_later_is_tried_again_and_only_that(marketplace: Marketplace) -> None:
    listing = posted(marketplace, A, B)
    world = World(a=PICTURE, b=LATER)
    assert after(listing, world).state == "fetching"
    assert not Listing.objects.abandoned(timezone.now()).exists()
    in_time = timezone.now() + timedelta(seconds=DELAYS[0] + 1)
    assert Listing.objects.abandoned(in_time).exists()
    Listing.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    world.at["b"] = PICTURE
    assert after(listing, world).state == "queued"
    assert [url for url, _ in world.asked] == [A, B, B]


def test_it_is_not_tried_for_ever(marketplace: Marketplace) -> None:
    listing = posted(marketplace, A)
    unknown = HostUnknown("Its host cannot be found.", remedy="Check it.", field="url")
    for _ in range(len(DELAYS) + 1):
        Listing.objects.update(leased_until=None)
        last = after(listing, World(a=unknown))
    assert last.state == "failed"


def test_a_check_is_waited_for_and_tried_once(marketplace: Marketplace) -> None:
    listing = posted(marketplace, A, purpose=Listing.Purpose.CHECK)
    assert after(listing, World(a=LATER)).state == "failed"


def test_only_hosts_of_the_marketplace_are_asked(marketplace: Marketplace) -> None:
    marketplace.fetch_hosts = ["img.example"]
    marketplace.save()
    world = World(a=PICTURE)
    listing = posted(marketplace, A, "https://elsewhere.test/b.png")
    assert states(listing) == ["fetching", "refused"]
    after(listing, world)
    assert world.asked == [(A, ["img.example"])]


def test_while_one_worker_is_at_it_another_does_nothing(marketplace: Marketplace) -> None:
    listing = posted(marketplace, A)
    Listing.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    world = World(a=PICTURE)
    after(listing, world)
    assert not world.asked


def test_a_host_that_is_silent_is_asked_once_for_all_of_a_listing_s_pictures(
    marketplace: Marketplace,
) -> None:
    listing = posted(marketplace, A, B, "https://cdn.example/c.png")
    silent = HostSilent("It did not answer in time.")
    world = World(a=silent, b=silent, c=PICTURE)
    after(listing, world)
    assert [url[-5] for url, _ in world.asked] == ["a", "c"]
    assert [image.attempts for image in listing.images.order_by("position")] == [1, 1, 0]


def test_while_others_are_at_its_host_a_picture_waits_and_no_attempt_is_counted(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detection.outbound.slots.PATIENCE", 0)
    listing, world, slots = posted(marketplace, A), World(a=PICTURE), Slots(threads=4)
    with slots.taken("img.example"):
        fetch_images(listing=listing, get=world.get, slots=slots)
    assert not world.asked
    assert Listing.objects.abandoned(timezone.now() + timedelta(seconds=SOON + 1)).exists()
    assert listing.images.get().attempts == 0
