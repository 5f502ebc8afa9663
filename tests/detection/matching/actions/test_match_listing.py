import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Marketplace
from brandguard.kernel.lease import MAX_ATTEMPTS
from brandguard.kernel.transient import StorageAway
from detection.delivery.models import Event
from detection.intake.actions.requeue import requeue_failed
from detection.intake.models import Listing, ListingImage
from detection.matching.actions import match_listing as matching
from detection.matching.actions.match_listing import LEASE, match_listing, present_version
from detection.matching.actions.rescore import rescore
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.matching.register import DatabaseRegister
from detection.matching.reuse import find_reusable, remembered
from detection.matching.signals import pictures_matched
from detection.review.models import Alert
from fingerprints.actions.enrol import enrol_design
from fingerprints.actions.retire import retire_design
from fingerprints.index import live
from fingerprints.models import Brand, IndexChange
from tests import factories, matchers
from tests.detection.scenes import BLURRED, BOTTLE, COPY, UNRELATED, posted
from tests.fake_encoder import SPEC, FakeEncoder, OfThings
from tests.fingerprints.index.scenes import axes, bare_fingerprints, record
from tests.matchers import calibration, copy_calibration, enrolled, registered
from tests.pictures import drawn, encoded
from tests.threads import threads
from vision.channels.calibration import ChannelCalibration
from vision.channels.channel import Evidence
from vision.channels.image_features import ImageFeatures
from vision.channels.matching import match_image
from vision.channels.register import Register, View
from vision.channels.registry import Channels, generation
from vision.edits import transforms as edits
from vision.encoders.base import Vectors
from vision.geometry.features import LocalFeatures
from vision.index.snapshot import Snapshot
from vision.pictures.decode import Picture, decode, pixel_sha256


def after_matching(listing: Listing, matcher: Matcher) -> Listing:
    match_listing(listing=listing, matcher=matcher)
    return Listing.objects.get(pk=listing.pk)


def counts() -> list[int]:
    return [model.objects.count() for model in (Match, Alert, ImageEmbedding, AuditEvent)]


# --- what is found --------------------------------------------------------------------------
def test_an_edited_copy_is_held_with_an_alert(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = after_matching(posted(marketplace, COPY), matcher)
    assert (listing.state, listing.verdict) == ("matched", "hold")
    alert = Alert.objects.get()
    assert (alert.listing, alert.brand, alert.state) == (listing, brand, "open")
    assert alert.similarity >= 90
    assert alert.match_kind == "copy"


def test_the_very_pixels_score_100_without_geometry(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, BOTTLE), matcher)
    match = Match.objects.get()
    assert (match.similarity, match.match_kind) == (100, "copy")
    assert match.evidence["copy"]["inliers"] == 0
    assert match.homography is None


def test_a_mirrored_copy_is_found_by_its_variant(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, edits.mirror(BOTTLE)), matcher)
    assert Match.objects.get().variant == "mirrored"


def test_likeness_below_the_threshold_is_kept_and_raises_no_alert(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = after_matching(posted(marketplace, BLURRED), matcher)
    match = Match.objects.get()
    assert 50 <= match.similarity < 85
    assert match.match_kind == "resemblance"
    assert listing.verdict == "allow"
    assert not Alert.objects.exists()


def test_a_copy_in_a_file_that_lacks_its_end_is_held(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    whole = encoded(COPY, "JPEG")
    listing = after_matching(posted(marketplace, whole[: int(0.8 * len(whole))]), matcher)
    assert listing.verdict == "hold"
    image = listing.images.get()
    assert image.state == "embedded"
    assert len(COPY) / 2 < (image.height or 0) < len(COPY)
    assert [warning["code"] for warning in image.warnings] == ["damaged"]


def test_a_damaged_picture_that_is_sent_again_is_marked_too(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    damaged = encoded(UNRELATED)[:-300]
    for number in ("offer-1", "offer-2"):
        after_matching(posted(marketplace, damaged, external_id=number), matcher)
    assert [len(image.warnings) for image in ListingImage.objects.all()] == [1, 1]


def test_the_brand_s_own_threshold_decides(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    brand.review_threshold = 70
    brand.save()
    enrolled(brand, BOTTLE)
    assert after_matching(posted(marketplace, BLURRED), matcher).verdict == "hold"


def test_an_unrelated_listing_is_allowed(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = after_matching(posted(marketplace, UNRELATED), matcher)
    assert (listing.state, listing.verdict) == ("matched", "allow")
    assert not Alert.objects.exists()


def test_a_listing_is_allowed_while_nothing_is_registered(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    assert after_matching(posted(marketplace, COPY), matcher).verdict == "allow"


def test_one_alert_a_brand_speaks_of_its_strongest_match(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE, "Bottle")
    enrolled(brand, COPY, "Bottle, turned")
    after_matching(posted(marketplace, BOTTLE, edits.crop(BOTTLE, area=0.5)), matcher)
    assert Match.objects.count() > 2
    alert = Alert.objects.get()
    assert alert.similarity == 100
    assert alert.match.view.design.name == "Bottle"
    assert alert.match.listing_image.position == 0


def test_each_brand_that_matches_has_an_alert_of_its_own(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    other = factories.brand(factories.organisation("Umbra"), "Umbra")
    marketplace.admits.add(other.organisation)
    enrolled(brand, BOTTLE)
    enrolled(other, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    assert {alert.brand for alert in Alert.objects.all()} == {brand, other}


def test_an_unverified_claim_alerts_and_restricts_nothing(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    newcomer = factories.brand(factories.organisation("Newcomer", verified=False))
    marketplace.admits.add(newcomer.organisation)
    enrolled(newcomer, BOTTLE)
    listing = after_matching(posted(marketplace, COPY), matcher)
    assert listing.verdict == "allow"
    assert Alert.objects.get().brand == newcomer


def test_a_retired_design_no_longer_matches(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    design = enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    retire_design(design=design, by=factories.staff())
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert again.verdict == "allow"
    assert not again.alerts.exists()


def test_a_design_enrolled_since_is_matched_at_once(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    after_matching(posted(marketplace, COPY), matcher)
    enrolled(brand, BOTTLE)
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert again.verdict == "hold"


# --- what is kept ---------------------------------------------------------------------------
def test_a_match_shows_where_it_is_and_what_made_the_number(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    match = Match.objects.get()
    assert len(match.listing_polygon) >= 4
    assert len(match.view_polygon) >= 4
    assert np.array(match.homography).shape == (3, 3)
    assert match.reproduction["calibration"] == "by-hand"
    assert match.reproduction["picture_sha256"] == match.listing_image.sha256
    assert match.reproduction["view_sha256"] == match.view.sha256
    assert match.reproduction["channels"]["copy"] == {
        "name": SPEC.name,
        "version": SPEC.version,
        "sha256": SPEC.identity,
    }
    assert set(match.reproduction) >= {"encoder", "geometry", "libraries"}


def test_the_embedding_is_kept_so_that_nothing_is_embedded_again(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    after_matching(posted(marketplace, COPY), matcher)
    kept = ImageEmbedding.objects.get()
    vectors = np.frombuffer(kept.vectors, "<f4").reshape(len(kept.regions), -1)
    assert kept.regions[0] == [0, 0, 1, 1]
    [whole] = FakeEncoder().embed([COPY])
    assert float(vectors[0] @ whole) == pytest.approx(1, abs=1e-4)
    assert len(LocalFeatures.from_bytes(bytes(kept.features))) > 10


def test_a_matched_picture_knows_its_size_and_has_a_preview(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    after_matching(posted(marketplace, COPY), matcher)
    image = ListingImage.objects.get()
    assert (image.state, image.width, image.height) == ("embedded", COPY.shape[1], COPY.shape[0])
    with image.preview.open() as preview:
        assert decode(preview.read()).format == "JPEG"


# --- what cannot be read --------------------------------------------------------------------
def damaged(picture: Picture) -> bytes:
    """Its header is in order, so that only decoding shows it."""
    data = encoded(picture)
    return data[: len(data) // 3]


def test_a_damaged_picture_is_refused_and_the_others_are_matched(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = after_matching(posted(marketplace, damaged(drawn(1)), COPY), matcher)
    bad, good = listing.images.order_by("position")
    assert (bad.state, good.state) == ("refused", "embedded")
    assert set(bad.error or ()) == {"code", "message", "remedy"}
    assert listing.verdict == "hold"


def test_a_listing_of_damaged_pictures_fails_and_is_never_allowed(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    listing = after_matching(posted(marketplace, damaged(drawn(1)), damaged(drawn(2))), matcher)
    assert (listing.state, listing.verdict) == ("failed", "pending")
    assert listing.reasons[0]["rule"] == "no_readable_picture"
    assert AuditEvent.objects.filter(action="listing.failed").count() == 1
    assert Event.objects.filter(event_type="listing.failed").count() == 1


# --- again, and at once ---------------------------------------------------------------------
def test_matching_twice_leaves_the_same_rows(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, COPY)
    stale = Listing.objects.get(pk=listing.pk)
    first = after_matching(listing, matcher)
    before = counts()
    again = after_matching(stale, matcher)
    assert counts() == before
    assert (again.verdict, again.matched_at) == (first.verdict, first.matched_at)


class Meeting(FakeEncoder):
    """Both workers are at the same picture before either goes on."""

    def __init__(self) -> None:
        self.both_there = Barrier(2)

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        self.both_there.wait(20)
        return super().embed(pictures)


def test_two_workers_at_one_listing_leave_one_result(
    own_connections: None,
    brand: Brand,
    marketplace: Marketplace,
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when the first is so slow that it is taken for dead."""
    monkeypatch.setattr("detection.matching.actions.match_listing.LEASE", timedelta(seconds=-1))
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, COPY)
    both = replace(matcher, encoder=Meeting())

    def work() -> None:
        match_listing(listing=Listing.objects.get(pk=listing.pk), matcher=both)

    with threads() as start:
        one, other = start(work), start(work)
    one.result()
    other.result()
    assert [Match.objects.count(), Alert.objects.count(), ImageEmbedding.objects.count()] == [1] * 3
    assert AuditEvent.objects.filter(action="alert.raised").count() == 1
    assert AuditEvent.objects.filter(action="listing.verdict").count() == 1
    assert Listing.objects.get().verdict == "hold"


def test_a_design_retired_while_a_worker_matches_raises_no_alert(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, tmp_path: Path
) -> None:
    design = enrolled(brand, BOTTLE)

    class RetiredOnceFound(DatabaseRegister):
        def views(self, images: Sequence[UUID]) -> list[View]:
            found = super().views(images)
            retire_design(design=design, by=factories.staff())
            return found

    retiring = RetiredOnceFound(matcher.channels, matchers.indexes(matcher.channels, tmp_path))
    meanwhile = replace(matcher, register=retiring)
    assert after_matching(posted(marketplace, COPY), meanwhile).verdict == "allow"
    assert Match.objects.exists()
    assert not Alert.objects.exists()


def test_a_view_deleted_since_the_search_is_passed_over(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    design = enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    Alert.objects.all().delete()
    design.images.all().delete()
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert again.verdict == "allow"


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


def failing(error: Exception, *, on: Picture) -> FakeEncoder:
    """An encoder that one picture breaks."""

    class Failing(FakeEncoder):
        def embed(self, pictures: Sequence[Picture]) -> Vectors:
            if pictures[0].shape == on.shape and (pictures[0] == on).all():
                raise error
            return super().embed(pictures)

    return Failing()


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


def test_the_same_pixels_are_not_embedded_again(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    class Counting(FakeEncoder):
        seen = 0

        def embed(self, pictures: Sequence[Picture]) -> Vectors:
            self.seen += len(pictures)
            return super().embed(pictures)

    enrolled(brand, BOTTLE)
    encoder = Counting()
    counting = replace(matcher, encoder=encoder, quick=encoder)
    first = after_matching(posted(marketplace, COPY), counting)
    embedded = encoder.seen
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), counting)
    assert encoder.seen == embedded
    assert [m.similarity for m in Match.objects.filter(listing_image__listing=again)] == [
        m.similarity for m in Match.objects.filter(listing_image__listing=first)
    ]


def test_the_same_pixels_are_not_even_searched_for_while_nothing_changed(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(brand, BOTTLE)
    first = after_matching(posted(marketplace, COPY), matcher)
    searched: list[object] = []

    def search(
        features: ImageFeatures, register: Register, channels: Channels
    ) -> list[tuple[View, Evidence]]:
        searched.append(features)
        return match_image(features, register, channels)

    monkeypatch.setattr(matching, "match_image", search)
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert not searched
    assert (again.verdict, again.alerts.count()) == (first.verdict, 1)
    mine, theirs = (Match.objects.get(listing_image__listing=one) for one in (again, first))
    assert (mine.similarity, mine.reproduction) == (theirs.similarity, theirs.reproduction)
    assert rescore(match=mine, matcher=matcher).agrees
    enrolled(brand, drawn(5))
    after_matching(posted(marketplace, COPY, external_id="offer-3"), matcher)
    assert len(searched) == 1


# --- what is used again, and what is not -----------------------------------------------------
def changed_calibration(matcher: Matcher, _: Channels) -> Matcher:
    changed = copy_calibration(weights=(0.9, 1.0, 1.0))
    return matchers.with_calibration(matcher, calibration(copy=changed))


def changed_windows(matcher: Matcher, _: Channels) -> Matcher:
    return replace(matcher, quick=OfThings())


def with_a_channel(matcher: Matcher, things: Channels) -> Matcher:
    return matchers.with_channels(matcher, things)


def pixels_with_a_result(marketplace: Marketplace, matcher: Matcher) -> str:
    after_matching(posted(marketplace, COPY), matcher)
    return ListingImage.objects.get().pixel_sha256


@pytest.mark.parametrize("change", [changed_calibration, changed_windows, with_a_channel])
def test_a_result_is_used_again_only_where_the_same_would_be_made(
    marketplace: Marketplace,
    matcher: Matcher,
    things: Channels,
    change: Callable[[Matcher, Channels], Matcher],
) -> None:
    pixels = pixels_with_a_result(marketplace, matcher)
    assert find_reusable(pixels, present_version(matcher))
    assert not find_reusable(pixels, present_version(change(matcher, things)))


def test_vectors_are_used_again_only_from_the_same_encoders(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    pixels = pixels_with_a_result(marketplace, matcher)
    same = replace(decode(encoded(COPY)), pixel_sha256=pixels)
    assert remembered(same, matcher.features_version)
    other = replace(matcher, quick=OfThings())
    assert remembered(same, other.features_version) is None


def test_a_view_enrolled_in_a_channel_since_makes_a_result_a_thing_of_the_past(
    db: None, matcher: Matcher, things: Channels
) -> None:
    on = matchers.with_channels(matcher, things)
    before = present_version(matcher), present_version(on)
    with transaction.atomic():
        IndexChange.objects.record(IndexChange.Operation.ADD, generation(things["object"]), [1])
    assert present_version(matcher) == before[0]
    assert present_version(on) != before[1]


def test_a_listing_matched_before_a_channel_is_matched_by_it_when_it_comes_again(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, things: Channels, tmp_path: Path
) -> None:
    """Only the object channel finds the view: by the other's calibration nothing is alike."""
    blind = calibration(
        copy=copy_calibration(knots=((0.0, 0.0), (99.0, 1.0))),
        object=ChannelCalibration(generation(things["object"]), ((0.5, 50.0), (1.0, 90.0))),
    )
    design = registered(brand, BOTTLE, design_kind="object")
    enrol_design(design=design, encoder=FakeEncoder(), channels=things)
    off = matchers.with_calibration(matcher, blind)
    register = DatabaseRegister(things, matchers.indexes(things, tmp_path / "index"))
    on = replace(matchers.with_channels(off, things), register=register)
    assert after_matching(posted(marketplace, COPY), off).verdict == "allow"
    assert after_matching(posted(marketplace, COPY, external_id="offer-2"), on).verdict == "hold"


# --- what a lease and an attempt cover -------------------------------------------------------
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


# --- files ------------------------------------------------------------------------------------
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


def test_a_result_is_used_again_though_the_other_picture_s_files_are_gone(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    first = ListingImage.objects.get()
    for file in (first.file, first.preview):
        file.storage.delete(file.name or "")
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert again.verdict == "hold"
    assert again.images.get().preview.size


# --- checks -----------------------------------------------------------------------------------
def checked(on: Marketplace, *pictures: Picture) -> Listing:
    listing = posted(on, *pictures)
    Listing.objects.update(purpose="check")
    listing.refresh_from_db()
    return listing


def ended_at_the_second(
    listing: Listing, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> Listing:
    """The listing as it is known when its first picture has its result and its second not yet."""
    monkeypatch.setattr("detection.matching.actions.match_listing.LEASE", timedelta(0))
    broken = replace(matcher, encoder=failing(MemoryError(), on=drawn(5)))
    with pytest.raises(MemoryError):
        match_listing(listing=listing, matcher=broken)
    return Listing.objects.get(pk=listing.pk)


@pytest.mark.parametrize(("first", "verdict"), [(COPY, "hold"), (drawn(6), "pending")])
def test_a_check_is_held_as_soon_as_one_picture_is_and_never_allowed_early(
    brand: Brand,
    marketplace: Marketplace,
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
    first: Picture,
    verdict: str,
) -> None:
    enrolled(brand, BOTTLE)
    listing = checked(marketplace, first, drawn(5))
    early = ended_at_the_second(listing, matcher, monkeypatch)
    assert (early.state, early.verdict) == ("queued", verdict)
    assert early.is_undecided == (verdict == "pending")
    done = after_matching(listing, matcher)
    assert done.verdict == ("allow" if verdict == "pending" else verdict)


def test_a_listing_s_verdict_waits_for_all_of_its_pictures(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(brand, BOTTLE)
    early = ended_at_the_second(posted(marketplace, COPY, drawn(5)), matcher, monkeypatch)
    assert (early.state, early.verdict) == ("queued", "pending")


def test_feeling_for_the_threshold_is_refused_before_any_early_answer(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(brand, BOTTLE)
    monkeypatch.setattr("detection.matching.actions.match_listing.too_many_alike", lambda _: True)
    done = after_matching(checked(marketplace, COPY, drawn(5)), matcher)
    assert (done.state, done.verdict) == ("failed", "pending")
    assert done.reasons[0]["rule"] == "too_many_similar_checks"
