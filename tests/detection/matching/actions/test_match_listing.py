"""A listing's pictures against what is registered: what is found and what is refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest

from accounts.models import AuditEvent, Marketplace
from detection.delivery.models import Event
from detection.intake.models import Listing, ListingImage
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.matching.register import DatabaseRegister
from detection.review.models import Alert
from fingerprints.actions.retire import retire_design
from fingerprints.models import Brand
from tests import factories, matchers
from tests.detection.matching.scenes import after_matching
from tests.detection.scenes import BLURRED, BOTTLE, COPY, UNRELATED, posted
from tests.fake_encoder import FakeEncoder
from tests.matchers import enrolled
from tests.pictures import drawn, encoded
from tests.threads import threads
from vision.channels.register import View
from vision.edits import transforms as edits
from vision.encoders.base import Vectors
from vision.pictures.picture import Picture


def counts() -> list[int]:
    return [model.objects.count() for model in (Match, Alert, ImageEmbedding, AuditEvent)]


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
