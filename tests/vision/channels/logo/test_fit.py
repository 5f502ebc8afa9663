"""From labelled pairs to the logo channel's part of a calibration, on pairs whose truth is known."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.fake_encoder import OfShapes
from tests.vision.channels.labelled import logo_match, pairs
from vision.channels.calibration import ChannelCalibration
from vision.channels.fitting import FEWEST, Pair, Truth
from vision.channels.logo import NAME
from vision.channels.logo.channel import LogoChannel
from vision.encoders.generation import generation_of

CHANNEL = LogoChannel(OfShapes())


def fit(measured: list[Pair], views: int = 30) -> ChannelCalibration | None:
    return CHANNEL.fit(measured, views=views)


def fitted(measured: list[Pair], views: int = 30) -> ChannelCalibration:
    found = fit(measured, views)
    assert found
    return found


@pytest.fixture(scope="module")
def made() -> ChannelCalibration:
    return fitted(pairs())


def scores(made: ChannelCalibration, truth: Truth) -> list[float]:
    return [
        CHANNEL.similarity(pair.findings[NAME], made)
        for pair in pairs()
        if pair.truth == truth and NAME in pair.findings
    ]


def test_what_is_right_is_held_and_what_is_not_is_not(made: ChannelCalibration) -> None:
    assert np.mean(np.array(scores(made, Truth.RELATED)) >= 85) > 0.9
    assert max(scores(made, Truth.UNRELATED)) < 85


def test_it_does_not_reach_what_is_blocked_without_a_person(made: ChannelCalibration) -> None:
    assert 90 < CHANNEL.similarity(logo_match(1.0, 1.0), made) < 97


def test_it_is_for_the_encoder_s_vectors_and_rises(made: ChannelCalibration) -> None:
    assert made.generation == generation_of(OfShapes.spec)
    assert all(b > a for (a, _), (b, _) in pairwise(made.knots))
    assert [y for _, y in made.knots] == sorted(y for _, y in made.knots)
    assert all(weight >= 0 for weight in made.weights)


def test_a_channel_that_is_more_often_mistaken_asks_for_more(made: ChannelCalibration) -> None:
    said = logo_match(0.85, 0.85)
    wild = fitted(pairs(strongest=0.7))
    assert CHANNEL.similarity(said, wild) < CHANNEL.similarity(said, made)


def test_more_enrolled_views_in_the_measurement_ask_for_less_beyond_it() -> None:
    few, many = (fitted(pairs(), views).knots for views in (10, 900))
    assert many[2][0] < few[2][0]


def test_a_folder_that_shows_too_few_logos_leaves_it_off() -> None:
    assert fit(pairs(of=FEWEST - 1)) is None
    assert fit(pairs(of=FEWEST)) is not None


def test_siblings_count_for_nothing(made: ChannelCalibration) -> None:
    logo = next(pair for pair in pairs() if NAME in pair.findings)
    sibling = replace(logo, truth=Truth.SIBLING, listing=9000)
    assert fit([*pairs(), sibling]) == made


def test_logos_that_cannot_be_told_apart_are_refused() -> None:
    same = [replace(pair, truth=Truth.UNRELATED) for pair in pairs()] + pairs()[:1]
    assert fit(same) is None
    mixed = [
        replace(pair, truth=Truth.RELATED if n % 2 else Truth.UNRELATED, listing=n)
        for n, pair in enumerate(pairs())
    ]
    with pytest.raises(ValueError, match="do not rise"):
        fit(mixed)
