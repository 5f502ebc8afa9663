"""What is worked out again goes on where it ended, and comes round whatever changes meanwhile."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Marketplace
from detection.intake.models import Listing
from detection.review.actions import reassess
from detection.review.actions.reassess import reassess_brands
from detection.review.models import Reassessment
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As a SIGKILL: nothing after it runs."""


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reassess, "PAGE", 2)


@pytest.fixture
def numbers(brand: Brand, marketplace: Marketplace) -> list[UUID]:
    """Of five listings with a match of the brand, in the order of their keys."""
    view = factories.view(factories.design(brand))
    for number in range(5):
        listing = factories.listing(
            marketplace,
            external_id=f"offer-{number}",
            state="matched",
            verdict="allow",
            matched_at=timezone.now(),
        )
        factories.match(factories.listing_image(listing), view)
    return list(Listing.objects.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def assessed(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Which listings were, in order."""
    done: list[UUID] = []
    monkeypatch.setattr(reassess, "reassess_listing", done.append)
    return done


def before(
    monkeypatch: pytest.MonkeyPatch, assessed: list[UUID], at: UUID, act: Callable[[], None]
) -> None:
    """Something happens once, when it comes to that listing."""
    happened: list[UUID] = []

    def reassessed(number: UUID) -> None:
        if number == at and not happened:
            happened.append(number)
            act()
        assessed.append(number)

    monkeypatch.setattr(reassess, "reassess_listing", reassessed)


def asked(brand: Brand) -> None:
    with transaction.atomic():
        Reassessment.objects.ask(brand)


def killed() -> None:
    raise Killed


def failing() -> None:
    raise ValueError("broken")


def test_after_a_kill_it_goes_on_where_it_ended(
    brand: Brand, numbers: list[UUID], assessed: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(brand)
    before(monkeypatch, assessed, numbers[3], killed)
    with pytest.raises(Killed):
        reassess_brands()
    row = Reassessment.objects.get()
    assert (row.done, row.total) == (3, 5)
    Reassessment.objects.update(leased_until=None)  # as it is once the lease is over
    reassess_brands()
    assert assessed == numbers
    assert not Reassessment.objects.exists()


def test_when_its_time_is_over_the_next_sweep_goes_on(
    brand: Brand, numbers: list[UUID], assessed: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(brand)
    clock = iter(range(100))
    monkeypatch.setattr("detection.review.actions.reassess.time.monotonic", lambda: next(clock))
    monkeypatch.setattr(reassess, "SECONDS_A_BRAND", 3)
    counts = [reassess_brands() for _ in range(4)]
    assert sum(counts) == 5
    assert counts[0] < 5
    assert assessed == numbers


def test_after_a_change_those_before_it_follow_and_those_behind_are_done_once(
    brand: Brand, numbers: list[UUID], assessed: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(brand)
    before(monkeypatch, assessed, numbers[2], lambda: asked(brand))
    reassess_brands()
    assert assessed == numbers[:3]  # the third was worked out from what held before
    assert Reassessment.objects.get().done == 0
    reassess_brands()
    assert assessed[3:] == [*numbers[2:], *numbers[:2]]
    assert not Reassessment.objects.exists()


def test_a_change_in_the_second_round_skips_nothing(
    brand: Brand, numbers: list[UUID], assessed: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(brand)
    before(monkeypatch, assessed, numbers[3], lambda: asked(brand))
    reassess_brands()
    before(monkeypatch, assessed, numbers[1], lambda: asked(brand))
    reassess_brands()
    assessed.clear()
    reassess_brands()
    assert assessed == [*numbers[1:], numbers[0]]


def test_one_that_fails_stops_no_other_and_is_tried_once_more(
    brand: Brand, numbers: list[UUID], assessed: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(brand)
    before(monkeypatch, assessed, numbers[1], failing)
    reassess_brands()
    assert assessed == [numbers[0], *numbers[2:]]
    assert Reassessment.objects.get().failed == [str(numbers[1])]
    Reassessment.objects.update(leased_until=None)
    reassess_brands()
    assert assessed[-1] == numbers[1]
    assert not Reassessment.objects.exists()


def test_the_brand_s_page_says_how_far_it_is(brand: Brand, as_alice: Client) -> None:
    asked(brand)
    Reassessment.objects.update(done=3, total=5, failed=["one"])
    page = as_alice.get(f"/brands/{brand.pk}").content.decode()
    assert "3 of 5 listings are reassessed. 1 failed and is tried again." in page
