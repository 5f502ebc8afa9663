"""A stored match is reproduced from what was stored."""

from dataclasses import replace

import pytest

from accounts.models import Marketplace
from detection.matching.actions.match_listing import match_listing
from detection.matching.actions.rescore import CannotRescore, rescore
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from fingerprints.models import Brand
from tests import matchers
from tests.detection.scenes import BOTTLE, COPY, posted
from tests.matchers import calibration, copy_calibration, enrolled
from vision.edits import transforms as edits
from vision.pictures.picture import Picture


def stored(brand: Brand, marketplace: Marketplace, matcher: Matcher, picture: Picture) -> Match:
    enrolled(brand, BOTTLE)
    match_listing(listing=posted(marketplace, picture), matcher=matcher)
    return Match.objects.get()


@pytest.mark.parametrize(
    "picture", [COPY, BOTTLE, edits.mirror(BOTTLE)], ids=["turned", "identical", "mirrored"]
)
def test_a_stored_match_is_reproduced_to_the_last_digit(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, picture: Picture
) -> None:
    match = stored(brand, marketplace, matcher, picture)
    found = rescore(match=match, matcher=matcher)
    assert (found.again, found.changed) == (match.similarity, {})
    assert found.agrees


def test_what_has_changed_since_is_named(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    match = stored(brand, marketplace, matcher, COPY)
    other = matchers.with_calibration(
        matcher,
        replace(calibration(copy=copy_calibration(weights=(0.1, 0.1, 0.1))), name="another"),
    )
    found = rescore(match=match, matcher=other)
    assert found.changed == {"calibration": ("by-hand", "another")}
    assert not found.agrees


def test_without_the_stored_vectors_it_says_so(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    match = stored(brand, marketplace, matcher, COPY)
    ImageEmbedding.objects.all().delete()
    with pytest.raises(CannotRescore):
        rescore(match=match, matcher=matcher)


def test_features_of_an_earlier_geometry_or_encoder_are_not_taken_for_todays(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    match = stored(brand, marketplace, matcher, COPY)
    ImageEmbedding.objects.update(features_version="earlier")
    with pytest.raises(CannotRescore, match="geometry"):
        rescore(match=match, matcher=matcher)
