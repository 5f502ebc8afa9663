"""From labelled pairs to the maps of the lanes of solids and marks."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from lab.calibration.fit import Pair, Truth
from lab.calibration.fit_channels import FEWEST, fit_lanes
from vision.channels.encoders import NO_LANES, Lanes
from vision.channels.marks import Marked
from vision.channels.similarity import Calibration
from vision.channels.solids import ALIKE, COLOURS, SOLID, Solid
from vision.geometry.marks import Lying

from tests.fake_encoder import FakeEncoder
from tests.matchers import calibration, evidence
from vision.channels.channel import Lane
from vision.geometry.polygons import SQUARE
from vision.geometry.regions import WHOLE

LANES = Lanes(FakeEncoder(), FakeEncoder())
ENROLLED = {Lane.OBJECT: 30, Lane.MARK: 30}


def marked(outline: float, overlap: float) -> Marked:
    return Marked(0.7, WHOLE, Lying(np.eye(3), SQUARE, overlap, overlap, outline), mirrored=False)


def pairs(of: int = 60, strongest: float = 0.6, unrelated: int = 400) -> list[Pair]:
    dice = np.random.default_rng(1)

    def solid(number: int, low: float, high: float, truth: Truth) -> Pair:
        signs = dice.uniform(low, high, 3)
        said = Solid(float(signs[0] * SOLID), float(signs[1] * COLOURS))
        return Pair("turntable-30", number, evidence(float(signs[2] * ALIKE), solid=said), truth)

    def mark(number: int, low: float, high: float, truth: Truth) -> Pair:
        said = marked(*dice.uniform(low, high, 2).tolist())
        return Pair("logo-scene-8", number, evidence(0.1, mark=said), truth)

    return [
        *(solid(n, 1.05, 1.6, Truth.RELATED) for n in range(of)),
        *(solid(1000 + n, 0.2, 0.7, Truth.UNRELATED) for n in range(unrelated)),
        *(mark(2000 + n, 0.85, 1.0, Truth.RELATED) for n in range(of)),
        *(mark(3000 + n, 0.2, strongest, Truth.UNRELATED) for n in range(unrelated)),
    ]


def fitted(measured: list[Pair]) -> Calibration:
    return calibration(**fit_lanes(measured, ENROLLED, LANES))


def test_what_is_right_is_held_and_what_is_not_is_not() -> None:
    measured, made = pairs(), fitted(pairs())
    scored = [(pair.truth, made.similarity(pair.evidence)) for pair in measured]
    right = [score for truth, score in scored if truth == Truth.RELATED]
    wrong = [score for truth, score in scored if truth == Truth.UNRELATED]
    assert np.mean(np.array(right) >= 85) > 0.9
    assert max(wrong) < 85


def test_neither_lane_reaches_what_is_blocked_without_a_person() -> None:
    made = fitted(pairs())
    perfect = evidence(1.0, solid=Solid(1.0, 1.0), mark=marked(1.0, 1.0))
    scored = made.by_lane(perfect)
    assert 90 < scored[Lane.OBJECT] < 97
    assert 90 < scored[Lane.MARK] < 97


def test_maps_rise_and_weights_are_not_negative() -> None:
    maps = fit_lanes(pairs(), ENROLLED, LANES)
    for lane in maps.values():
        assert all(b > a for (a, _), (b, _) in pairwise(lane.knots))
        assert [y for _, y in lane.knots] == sorted(y for _, y in lane.knots)
        assert all(weight >= 0 for weight in lane.weights)


def test_a_lane_that_is_more_often_mistaken_asks_for_more() -> None:
    calm = fit_lanes(pairs(), ENROLLED, LANES)["marks"]
    wild = fit_lanes(pairs(strongest=0.7), ENROLLED, LANES)["marks"]
    said = marked(0.85, 0.85)
    held = [calibration(marks=lane).similarity(evidence(0.1, mark=said)) for lane in (calm, wild)]
    assert held[1] < held[0]


def test_more_enrolled_views_in_the_measurement_ask_for_less_beyond_it() -> None:
    few = fit_lanes(pairs(), {Lane.OBJECT: 10, Lane.MARK: 10}, LANES)["marks"].knots
    many = fit_lanes(pairs(), {Lane.OBJECT: 900, Lane.MARK: 900}, LANES)["marks"].knots
    assert many[2][0] < few[2][0]


def test_one_lane_does_not_move_another() -> None:
    both = fit_lanes(pairs(), ENROLLED, LANES)
    alone = fit_lanes(pairs(), ENROLLED, Lanes(objects=FakeEncoder()))
    assert alone == {"objects": both["objects"]}


def test_a_lane_that_is_off_has_no_map() -> None:
    assert fit_lanes(pairs(), ENROLLED, NO_LANES) == {}


def test_a_lane_of_which_too_little_was_seen_has_no_map() -> None:
    assert fit_lanes(pairs(of=FEWEST - 1), ENROLLED, LANES) == {}
    assert set(fit_lanes(pairs(of=FEWEST), ENROLLED, LANES)) == {"objects", "marks"}


def test_siblings_count_for_nothing() -> None:
    sibling = replace(pairs()[0], truth=Truth.SIBLING, listing=9000)
    assert fit_lanes([*pairs(), sibling], ENROLLED, LANES) == fit_lanes(pairs(), ENROLLED, LANES)


def test_marks_that_cannot_be_told_apart_are_refused() -> None:
    same = [replace(p, truth=Truth.UNRELATED) for p in pairs()] + pairs()[:1]
    assert fit_lanes(same, ENROLLED, LANES) == {}
    mixed = [
        replace(p, truth=Truth.RELATED if n % 2 else Truth.UNRELATED, listing=n)
        for n, p in enumerate(pairs())
    ]
    with pytest.raises(ValueError, match="do not rise"):
        fit_lanes(mixed, ENROLLED, LANES)
