"""From the signs of an object to one strength."""

from dataclasses import replace

import pytest

from tests.vision.channels.scenes import OBJECTS, object_match
from vision.channels.object.spec import POINTS
from vision.channels.object.strength import ObjectMatch, strength

MATCH = ObjectMatch(0.4, 0.8, points=20, colours=0.8, tinted=0.5)


def test_strength_is_the_weighted_sum_of_the_signs() -> None:
    weighted = replace(OBJECTS, weights=(1.0, 10.0, 100.0, 1000.0))
    assert strength(MATCH, weighted) == pytest.approx(0.4 + 8 + 120 + 50)
    assert strength(object_match(), OBJECTS) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "more",
    [
        replace(MATCH, likeness=0.5),
        replace(MATCH, cosine=0.9),
        replace(MATCH, points=25),
        replace(MATCH, colours=0.9),
        replace(MATCH, tinted=0.6),
    ],
    ids=["likeness", "cosine", "points", "colours", "tinted"],
)
def test_it_rises_with_every_sign(more: ObjectMatch) -> None:
    assert strength(more, OBJECTS) > strength(MATCH, OBJECTS)


@pytest.mark.parametrize(
    "less",
    [replace(MATCH, likeness_background=0.2), replace(MATCH, cosine_background=0.6)],
    ids=["likeness", "cosine"],
)
def test_what_other_objects_reach_takes_away(less: ObjectMatch) -> None:
    assert strength(less, OBJECTS) < strength(MATCH, OBJECTS)


def test_chance_adds_nothing() -> None:
    by_chance = replace(MATCH, points=POINTS.chance, colours=0.6)
    assert by_chance.signs == replace(MATCH, points=0, colours=0.0).signs


def test_grey_objects_have_no_colours_in_common() -> None:
    assert replace(MATCH, colours=1.0, tinted=0.0).signs[3] == 0
