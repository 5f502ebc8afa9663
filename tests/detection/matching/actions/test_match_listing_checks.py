"""Who waits is answered as soon as one picture has led to a hold."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Marketplace
from detection.intake.models import Listing
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher
from fingerprints.models import Brand
from tests.detection.matching.scenes import after_matching, failing
from tests.detection.scenes import BOTTLE, COPY, posted
from tests.matchers import enrolled
from tests.pictures import drawn
from vision.pictures.picture import Picture


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
