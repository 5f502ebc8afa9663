"""What a stored result was made by."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import transaction

from accounts.models import Marketplace
from detection.matching.actions.match_listing import present_version
from detection.matching.matcher import Matcher
from detection.matching.reuse import find_reusable
from fingerprints.models import IndexChange
from tests import matchers
from tests.detection.matching.scenes import pixels_with_a_result
from tests.fake_encoder import OfThings
from tests.matchers import calibration, copy_calibration
from vision.channels.registry import Channels, generation


def changed_calibration(matcher: Matcher, _: Channels) -> Matcher:
    changed = copy_calibration(weights=(0.9, 1.0, 1.0))
    return matchers.with_calibration(matcher, calibration(copy=changed))


def changed_windows(matcher: Matcher, _: Channels) -> Matcher:
    return replace(matcher, quick=OfThings())


def with_a_channel(matcher: Matcher, things: Channels) -> Matcher:
    return matchers.with_channels(matcher, things)


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


def test_a_view_enrolled_in_a_channel_since_makes_a_result_a_thing_of_the_past(
    db: None, matcher: Matcher, things: Channels
) -> None:
    on = matchers.with_channels(matcher, things)
    before = present_version(matcher), present_version(on)
    with transaction.atomic():
        IndexChange.objects.record(IndexChange.Operation.ADD, generation(things["object"]), [1])
    assert present_version(matcher) == before[0]
    assert present_version(on) != before[1]
