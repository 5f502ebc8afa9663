"""What a lease and an attempt cover: workers that end, fall silent or find something away."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Marketplace
from brandguard.kernel.lease import MAX_ATTEMPTS
from brandguard.kernel.transient import StorageAway
from detection.delivery.models import Event
from detection.intake.actions.requeue import requeue_failed
from detection.intake.models import Listing
from detection.matching.actions.match_listing import LEASE, match_listing
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding
from detection.matching.register import DatabaseRegister
from detection.matching.signals import pictures_matched
from fingerprints.index import live
from fingerprints.models import Brand, IndexChange
from tests import factories, matchers
from tests.detection.matching.scenes import after_matching, failing
from tests.detection.scenes import BOTTLE, COPY, posted
from tests.fake_encoder import FakeEncoder
from tests.fingerprints.index.scenes import axes, bare_fingerprints, record
from tests.matchers import enrolled
from tests.pictures import drawn
from vision.encoders.base import Vectors
from vision.index.snapshot import Snapshot
from vision.pictures.picture import Picture, pixel_sha256


def test_a_worker_holds_a_lease_that_begins_with_its_work(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    leases: list[timedelta] = []

    class Watching(FakeEncoder):
        def embed(self, pictures: Sequence[Picture]) -> Vectors:
            until = Listing.objects.get().leased_until
            assert until
            leases.append(until - timezone.now())
            return super().embed(pictures)

    watching = replace(matcher, encoder=Watching())
    done = after_matching(posted(marketplace, drawn(1), drawn(2)), watching)
    assert [timedelta(0) < lease <= LEASE for lease in leases] == [True, True]
    assert done.leased_until is None


def test_a_picture_that_ends_its_workers_is_refused_and_the_others_are_matched(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "detection.matching.actions.match_listing.LEASE", timedelta(0)
    )  # each one falls silent
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, BOTTLE, drawn(5))
    broken = replace(matcher, encoder=failing(MemoryError(), on=drawn(5)))
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(MemoryError):
            match_listing(listing=listing, matcher=broken)
    done = after_matching(listing, broken)
    good, bad = done.images.all()
    assert (good.state, bad.state, (bad.error or {})["code"]) == ("embedded", "refused", "gave_up")
    assert done.verdict == "hold"


@pytest.mark.parametrize(
    ("purpose", "rule"), [("listing", "gave_up"), ("check", "no_readable_picture")]
)
def test_a_listing_that_ends_its_workers_is_told_of_as_failed(
    marketplace: Marketplace,
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
    purpose: str,
    rule: str,
) -> None:
    listing = posted(marketplace, drawn(5))
    Listing.objects.update(purpose=purpose, answer_owed=purpose == "check")
    with monkeypatch.context() as broken:
        broken.setattr("detection.matching.actions.match_listing.LEASE", timedelta(0))
        broken.setattr(pictures_matched, "send", raising(LookupError("no such")))
        for _ in range(2 * MAX_ATTEMPTS):
            with suppress(LookupError):
                match_listing(listing=Listing.objects.get(), matcher=matcher)
    listing.refresh_from_db()
    assert (listing.state, listing.verdict, listing.attempts) == ("failed", "pending", 0)
    assert listing.reasons[0]["rule"] == rule
    assert Event.objects.get().payload["reasons"] == listing.reasons
    if purpose == "listing":
        assert requeue_failed(listing=listing, by=factories.staff())
        assert after_matching(Listing.objects.get(), matcher).verdict == "allow"


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


def test_away_is_not_failed(
    marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(marketplace, drawn(5))
    with monkeypatch.context() as away:
        away.setattr(pictures_matched, "send", raising(ConnectionError("away")))
        for _ in range(MAX_ATTEMPTS + 1):
            with pytest.raises(ConnectionError):
                match_listing(listing=Listing.objects.get(), matcher=matcher)
    assert after_matching(Listing.objects.get(), matcher).verdict == "allow"


def test_a_transient_failure_costs_no_attempt_and_frees_the_listing(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    listing = posted(marketplace, drawn(5))
    away = replace(matcher, encoder=failing(ConnectionError("broker away"), on=drawn(5)))
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(ConnectionError, match="broker away"):
            match_listing(listing=listing, matcher=away)
    assert after_matching(listing, matcher).verdict == "allow"


def test_another_worker_leaves_a_listing_alone_that_is_being_matched(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    listing = posted(marketplace, drawn(5))
    listing.begin(timezone.now(), LEASE)
    assert after_matching(listing, matcher).state == "queued"


def test_an_index_that_catches_up_costs_neither_lease_nor_attempt(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers end while a large enrolment is loaded; the picture is fine."""
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, COPY)
    load = live.begin_loading

    def ended(*_: object) -> None:
        row = Listing.objects.get()
        assert (row.leased_until, row.images.get().attempts) == (None, 0)
        raise MemoryError

    monkeypatch.setattr(live, "begin_loading", ended)
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(MemoryError):
            match_listing(listing=listing, matcher=matcher)
    monkeypatch.setattr(live, "begin_loading", load)
    assert after_matching(listing, matcher).verdict == "hold"


def test_catching_up_between_two_pictures_counts_against_neither(
    marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "detection.matching.actions.match_listing.LEASE", timedelta(0)
    )  # each catch-up is longer
    listing = posted(marketplace, drawn(1), drawn(2))
    attempts: list[list[int]] = []
    catch_up = matcher.register.catch_up

    def slowly() -> None:
        attempts.append([image.attempts for image in listing.images.all()])
        catch_up()

    monkeypatch.setattr(matcher.register, "catch_up", slowly)
    assert after_matching(listing, matcher).verdict == "allow"
    assert attempts == [[0, 0]] * 3


class Clock:
    """One time for all workers, which passes while an index catches up."""

    def __init__(self) -> None:
        self.time = timezone.now()

    def __call__(self) -> datetime:
        return self.time


class Noting(FakeEncoder):
    """What it embeds as a whole, and what happens then."""

    def __init__(self, then: Callable[[], None]) -> None:
        self.wholes: list[str] = []
        self.then = then

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        self.wholes.append(pixel_sha256(pictures[0]))
        self.then()
        return super().embed(pictures)


def test_a_large_enrolment_makes_no_worker_give_up_and_nothing_is_matched_twice(
    brand: Brand,
    marketplace: Marketplace,
    matcher: Matcher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While a worker is at each picture so much is enrolled that to catch up takes it three leases. At
    every batch the sweep looks for listings that were left, and another worker would like this one.
    """
    clock, apply, looked = Clock(), live.apply, list[bool]()
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, COPY, drawn(5))

    def enrol_many() -> None:
        record(IndexChange.Operation.ADD, bare_fingerprints(brand, axes(*range(10))))

    noting = Noting(enrol_many)
    mine = replace(matcher, encoder=noting, quick=FakeEncoder())
    other = replace(matchers.matcher(tmp_path / "other"), encoder=noting)

    def slowly(state: Snapshot, changes: Sequence[IndexChange]) -> None:
        apply(state, changes)
        if state.index is not mine_of(mine).index:
            return
        clock.time += LEASE * 0.6
        looked.append(Listing.objects.abandoned(clock()).exists())
        match_listing(listing=Listing.objects.get(), matcher=other)

    mine.register.catch_up()
    monkeypatch.setattr(timezone, "now", clock)
    monkeypatch.setattr(live, "BATCH", 2)
    monkeypatch.setattr(live, "apply", slowly)
    done = after_matching(listing, mine)
    assert looked == [False] * 10
    assert len(noting.wholes) == len(set(noting.wholes)) == 2
    assert [(i.state, i.attempts, i.error) for i in done.images.all()] == [
        ("embedded", 0, None)
    ] * 2
    assert (done.verdict, done.leased_until, ImageEmbedding.objects.count()) == ("hold", None, 2)


def mine_of(matcher: Matcher) -> Snapshot:
    register = matcher.register
    assert isinstance(register, DatabaseRegister)
    held = register.indexes["copy"]._state  # noqa: SLF001 - asked while its lock is held
    assert held
    return held


def test_what_is_done_of_a_listing_stays_done(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker ends at the second picture; the next one goes on there."""
    monkeypatch.setattr("detection.matching.actions.match_listing.LEASE", timedelta(0))
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, COPY, drawn(5))
    broken = replace(matcher, encoder=failing(MemoryError(), on=drawn(5)))
    with pytest.raises(MemoryError):
        match_listing(listing=listing, matcher=broken)
    assert [image.state for image in listing.images.all()] == ["embedded", "pending"]
    only_the_second = replace(matcher, encoder=failing(AssertionError(), on=COPY))
    assert after_matching(listing, only_the_second).verdict == "hold"


def test_a_missing_picture_is_refused_and_says_so_and_the_others_are_matched(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, drawn(1), COPY)
    first = listing.images.get(position=0)
    first.file.storage.delete(first.file.name or "")
    done = after_matching(listing, matcher)
    bad, good = done.images.order_by("position")
    assert (bad.state, good.state, done.verdict) == ("refused", "embedded", "hold")
    assert (bad.error or {})["code"] == "file_lost"
    assert set(bad.error or ()) == {"code", "message", "remedy"}


def test_a_storage_that_is_away_refuses_nothing(
    marketplace: Marketplace, matcher: Matcher, settings: Settings
) -> None:
    listing = posted(marketplace, drawn(1))
    shutil.move(settings.MEDIA_ROOT, f"{settings.MEDIA_ROOT}-away")
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(StorageAway):
            match_listing(listing=listing, matcher=matcher)
    shutil.move(f"{settings.MEDIA_ROOT}-away", settings.MEDIA_ROOT)
    assert after_matching(listing, matcher).verdict == "allow"
