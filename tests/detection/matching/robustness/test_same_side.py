"""Sides of the goods that a design's views show."""

import pytest

from detection.matching.robustness.same_side import sides_shown
from tests.matchers import copy_view_of
from tests.pictures import drawn
from vision.edits import transforms as edits
from vision.pictures.picture import Picture

FRONT, BACK = drawn(1), drawn(2)
LEFT_HALF, RIGHT_HALF = FRONT[:, :150], FRONT[:, 90:]
ASIDE = edits.tilt(FRONT, degrees=20, axis="vertical")


@pytest.mark.parametrize(
    ("pictures", "sides"),
    [
        ([], 0),
        ([FRONT], 1),
        ([FRONT, ASIDE], 1),
        ([FRONT, BACK], 2),
        ([BACK, FRONT, ASIDE], 2),
        ([LEFT_HALF, RIGHT_HALF, FRONT], 1),
    ],
    ids=["none", "front", "front twice", "back too", "back first", "joined by a third"],
)
def test_views_are_of_one_side_where_one_lies_in_the_other(
    pictures: list[Picture], sides: int
) -> None:
    assert sides_shown([copy_view_of(picture) for picture in pictures]) == sides
