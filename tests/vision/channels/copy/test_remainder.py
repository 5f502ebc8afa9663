"""Which rectangle of a view is left in a listing that shows something else beside it."""

import numpy as np
import pytest

from tests.pictures import drawn, photograph
from vision.channels.copy.remainder import part_left
from vision.edits import transforms as edits
from vision.geometry.agreement import thumbnail
from vision.geometry.polygons import SQUARE

VIEW = thumbnail(photograph("coffee.png"))
HEIGHT, WIDTH = VIEW.shape[:2]
OTHER = edits.resize(drawn(3), width=WIDTH, height=HEIGHT)
EVERYWHERE = np.ones((HEIGHT, WIDTH), np.bool_)


def test_a_view_that_is_there_as_a_whole_is_left_as_a_whole() -> None:
    np.testing.assert_array_equal(part_left(VIEW, VIEW.copy(), EVERYWHERE), SQUARE)


def test_other_colours_cut_nothing_off() -> None:
    shifted = edits.shift_hue(VIEW, degrees=60)
    np.testing.assert_array_equal(part_left(VIEW, shifted, EVERYWHERE), SQUARE)


@pytest.mark.parametrize(
    ("left", "top", "right", "bottom"), [(0, 0, 0.6, 1), (0.25, 0.2, 1, 0.9), (0.3, 0.3, 0.8, 0.8)]
)
def test_what_is_left_of_a_crop_is_found(
    left: float, top: float, right: float, bottom: float
) -> None:
    laid = OTHER.copy()
    part = np.s_[int(top * HEIGHT) : int(bottom * HEIGHT), int(left * WIDTH) : int(right * WIDTH)]
    laid[part] = VIEW[part]
    corners = part_left(VIEW, laid, EVERYWHERE)
    assert corners.min(axis=0) == pytest.approx((left, top), abs=0.1)
    assert corners.max(axis=0) == pytest.approx((right, bottom), abs=0.1)


def test_where_there_is_nothing_to_compare_nothing_is_cut_off() -> None:
    plain = np.full_like(VIEW, 90)
    np.testing.assert_array_equal(part_left(VIEW, plain, EVERYWHERE), SQUARE)
