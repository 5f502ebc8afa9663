from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Marketplace
from brandguard.celery import app
from detection.intake.actions.ingest import Offer, ingest_listing
from detection.intake.models import Listing, ListingImage
from fingerprints.pictures.received import NoReadableImage, WrongNumberOfImages
from tests import factories
from tests.detection.scenes import UNRELATED, posted
from tests.pictures import drawn, encoded
from tests.threads import threads

type Captured = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


@pytest.fixture
def queued() -> Iterator[list[str]]:
    """The ids of the listings handed to the workers."""
    seen: list[str] = []

    def send_task(task: str, *, kwargs: dict[str, str], queue: str) -> None:
        assert (task, queue) == ("detection.matching.tasks.match_listing", "match")
        seen.append(kwargs["listing_id"])

    with patch.object(app, "send_task", send_task):
        yield seen


def test_a_listing_is_stored_with_its_pictures_in_order(marketplace: Marketplace) -> None:
    listing = posted(marketplace, drawn(1), drawn(2), title="A bottle", territories=["DE", "FR"])
    assert (listing.state, listing.verdict, listing.revision) == ("queued", "pending", 1)
    assert listing.territories == ["DE", "FR"]
    images = listing.images.order_by("position")
    assert [image.name for image in images] == ["0.png", "1.png"]
    assert [image.state for image in images] == ["pending", "pending"]


def test_the_same_listing_again_is_the_row_that_is_there(marketplace: Marketplace) -> None:
    first = posted(marketplace, UNRELATED, price=Decimal("9.90"), currency="EUR")
    again = posted(marketplace, UNRELATED, price=Decimal("9.90"), currency="EUR")
    assert again == first
    assert ListingImage.objects.count() == 1
    assert AuditEvent.objects.filter(action="listing.received").count() == 1


def test_another_file_name_makes_no_other_listing(marketplace: Marketplace, alice: User) -> None:
    offer = Offer("offer-1", "seller-1")
    first, again = (
        ingest_listing(
            marketplace=marketplace,
            offer=offer,
            pictures=[factories.upload(name=name)],
            by=alice,
        )
        for name in ("a.png", "b.png")
    )
    assert again == first


@pytest.mark.parametrize(
    "change", [{"title": "New"}, {"seller_id": "seller-2"}, {"territories": ["DE"]}]
)
def test_a_changed_offer_is_the_next_revision(
    marketplace: Marketplace, change: dict[str, object]
) -> None:
    posted(marketplace, UNRELATED)
    assert posted(marketplace, UNRELATED, **change).revision == 2


def test_changed_pictures_are_the_next_revision(marketplace: Marketplace) -> None:
    posted(marketplace, drawn(1), drawn(2))
    assert posted(marketplace, drawn(2), drawn(1)).revision == 2
    assert posted(marketplace, drawn(1)).revision == 3


def test_a_listing_changed_back_is_a_revision_of_its_own(marketplace: Marketplace) -> None:
    first = posted(marketplace, UNRELATED)
    posted(marketplace, UNRELATED, title="Changed")
    third = posted(marketplace, UNRELATED)
    assert third.revision == 3
    assert third.content_sha256 == first.content_sha256


def test_two_marketplaces_may_use_one_external_id(marketplace: Marketplace) -> None:
    other = factories.marketplace("Another")
    assert posted(marketplace, UNRELATED) != posted(other, UNRELATED)
    assert set(Listing.objects.values_list("revision", flat=True)) == {1}


def test_a_bad_picture_among_good_ones_is_refused_with_code_message_and_remedy(
    marketplace: Marketplace,
) -> None:
    listing = posted(marketplace, drawn(1), b"<html>", drawn(2))
    states = [image.state for image in listing.images.order_by("position")]
    assert states == ["pending", "refused", "pending"]
    assert listing.images.get(position=1).error == {
        "code": "image_type",
        "message": "This file is not a picture of a supported type.",
        "remedy": "Send PNG, JPEG, WebP, AVIF, GIF, HEIC, TIFF or BMP.",
    }


def test_a_listing_without_one_readable_picture_is_refused_whole(marketplace: Marketplace) -> None:
    with pytest.raises(NoReadableImage):
        posted(marketplace, b"<html>", b"%PDF-")
    assert not Listing.objects.exists()


def test_too_many_pictures_are_refused_whole(marketplace: Marketplace, settings: Settings) -> None:
    settings.MAX_IMAGES = 1
    with pytest.raises(WrongNumberOfImages):
        posted(marketplace, drawn(1), drawn(2))
    assert not Listing.objects.exists()


def test_a_hostile_name_never_reaches_the_disk(
    marketplace: Marketplace, alice: User, settings: Settings
) -> None:
    file = ContentFile(encoded(drawn()), "../../../../tmp/evil.png")
    listing = ingest_listing(
        marketplace=marketplace, offer=Offer("offer-1", "seller-1"), pictures=[file], by=alice
    )
    stored, root = Path(listing.images.get().file.path), Path(settings.MEDIA_ROOT)
    assert stored.resolve().is_relative_to(root.resolve())
    assert stored.parent.parent == root / "listings"
    assert "evil" not in str(stored)


def test_a_new_listing_is_queued_once_it_is_committed(
    marketplace: Marketplace,
    queued: list[str],
    django_capture_on_commit_callbacks: Captured,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        listing = posted(marketplace, UNRELATED)
        assert queued == []
    for callback in callbacks:
        callback()
    assert queued == [str(listing.pk)]


def test_the_same_listing_again_is_not_queued_again(
    marketplace: Marketplace,
    queued: list[str],
    django_capture_on_commit_callbacks: Captured,
) -> None:
    posted(marketplace, UNRELATED)
    with django_capture_on_commit_callbacks(execute=True):
        posted(marketplace, UNRELATED)
    assert queued == []


def test_one_listing_sent_twice_at_once_becomes_one_row(
    own_connections: None, marketplace: Marketplace, queued: list[str]
) -> None:
    factories.staff()
    both_there = Barrier(2)

    def send() -> Listing:
        both_there.wait(20)
        return posted(marketplace, UNRELATED)

    with threads() as start:
        one, other = start(send), start(send)
    assert one.result() == other.result()
    assert Listing.objects.count() == 1
    assert queued == [str(Listing.objects.get().pk)]


def test_a_listing_that_failed_is_sent_again_as_its_next_revision(
    marketplace: Marketplace,
) -> None:
    first = posted(marketplace, UNRELATED)
    first.fail("gave_up", "Several attempts.")
    again = posted(marketplace, UNRELATED)
    assert (again.revision, again.state) == (2, Listing.State.QUEUED)
