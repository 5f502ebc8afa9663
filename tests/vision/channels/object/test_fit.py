"""From labelled pairs to the object channel's part of a calibration, on pairs whose truth is known."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.fake_encoder import OfThings
from tests.vision.channels.labelled import pairs
from vision.channels.calibration import ChannelCalibration
from vision.channels.fitting import FEWEST, Pair, Truth
from vision.channels.object import NAME
from vision.channels.object.channel import ObjectChannel
from vision.channels.object.fit import OTHER_OBJECTS
from vision.channels.object.strength import ObjectMatch
from vision.encoders.generation import generation_of

CHANNEL = ObjectChannel(OfThings())


def fit(measured: list[Pair]) -> ChannelCalibration | None:
    return CHANNEL.fit(measured, views=30)


@pytest.fixture(scope="module")
def made() -> ChannelCalibration:
    found = fit(pairs())
    assert found
    return found


def scores(made: ChannelCalibration, truth: Truth) -> list[float]:
    return [
        CHANNEL.similarity(pair.findings[NAME], made)
        for pair in pairs()
        if pair.truth == truth and NAME in pair.findings
    ]


def test_what_is_right_is_held_and_what_is_not_is_not(made: ChannelCalibration) -> None:
    assert np.mean(np.array(scores(made, Truth.RELATED)) >= 85) > 0.9
    assert np.mean(np.array(scores(made, Truth.UNRELATED)) >= 85) <= OTHER_OBJECTS


def test_it_does_not_reach_what_is_blocked_without_a_person(made: ChannelCalibration) -> None:
    assert 90 < CHANNEL.similarity(ObjectMatch(1.0, 1.0, 40, 1.0), made) < 97


def test_it_is_for_the_encoder_s_vectors_and_rises(made: ChannelCalibration) -> None:
    assert made.generation == generation_of(OfThings.spec)
    assert all(b > a for (a, _), (b, _) in pairwise(made.knots))
    assert [y for _, y in made.knots] == sorted(y for _, y in made.knots)


def test_what_other_channels_find_does_not_move_it(made: ChannelCalibration) -> None:
    ours = [
        replace(pair, findings={name: one for name, one in pair.findings.items() if name == NAME})
        for pair in pairs()
    ]
    assert fit(ours) == made


def test_a_stronger_unrelated_object_asks_for_more(made: ChannelCalibration) -> None:
    right = next(pair for pair in pairs() if NAME in pair.findings)
    mistaken = fit([*pairs(), replace(right, truth=Truth.UNRELATED, listing=9000)])
    assert mistaken
    assert mistaken.knots[2][0] > made.knots[2][0]


def test_a_folder_that_shows_too_few_objects_leaves_it_off() -> None:
    assert fit(pairs(of=FEWEST - 1)) is None
    assert fit(pairs(of=FEWEST)) is not None


def test_siblings_count_for_nothing(made: ChannelCalibration) -> None:
    sibling = replace(pairs()[0], truth=Truth.SIBLING, listing=9000)
    assert fit([*pairs(), sibling]) == made
