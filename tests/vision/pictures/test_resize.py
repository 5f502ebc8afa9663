import numpy as np

from tests.pictures import drawn
from vision.pictures.resize import WORKING_SIDE, fit, squash


def test_a_large_picture_shrinks_to_the_working_size_in_its_own_shape() -> None:
    assert fit(drawn(width=1280, height=400)).shape == (200, WORKING_SIDE, 3)


def test_a_tall_picture_shrinks_by_its_height() -> None:
    assert fit(drawn(width=400, height=1280)).shape == (WORKING_SIDE, 200, 3)


def test_a_small_picture_is_never_enlarged() -> None:
    picture = drawn()
    np.testing.assert_array_equal(fit(picture), picture)


def test_the_thinnest_picture_keeps_both_sides() -> None:
    assert fit(drawn(width=2000, height=100)).shape == (32, WORKING_SIDE, 3)


def test_squashing_gives_exactly_the_size_asked_for() -> None:
    squashed = squash(drawn(), width=224, height=224)
    assert squashed.shape == (224, 224, 3)
    assert squashed.dtype == np.uint8
    assert squashed.flags["C_CONTIGUOUS"]


def test_shrinking_keeps_the_mean_shade() -> None:
    picture = drawn()
    assert abs(squash(picture, width=24, height=16).mean() - picture.mean()) < 0.5
