"""Local features that two pictures of an object share."""

import numpy as np
import pytest

from tests.vision.channels.scenes import COFFEE, ROCKET
from vision.channels.object.framing import brightness
from vision.channels.object.points import in_common, plausible, points_of
from vision.channels.object.spec import POINTS
from vision.edits import transforms as edits
from vision.pictures.picture import Picture


def of(picture: Picture, most: int = POINTS.listing_points) -> int:
    return in_common(points_of(brightness(picture), most), points_of(brightness(COFFEE), 250))


def test_the_same_object_turned_has_many_in_common_and_another_few() -> None:
    turned = edits.tilt(COFFEE, degrees=25, axis="vertical")
    assert of(turned) > POINTS.chance + 10
    assert of(ROCKET) <= POINTS.chance


def test_a_plain_picture_has_none() -> None:
    assert of(np.full((100, 100, 3), 128, np.uint8)) == 0


@pytest.mark.parametrize(
    ("turn", "is_plausible"),
    [
        (np.eye(2), True),
        (np.diag([0.5, 1.0]), True),
        (np.diag([-1.0, 1.0]), False),
        (np.diag([0.1, 1.0]), False),
        (np.diag([3.0, 1.0]), False),
    ],
    ids=["same", "turned", "mirrored", "squeezed", "stretched"],
)
def test_a_turn_neither_mirrors_nor_squeezes(turn: np.ndarray, *, is_plausible: bool) -> None:
    assert plausible(turn) is is_plausible
