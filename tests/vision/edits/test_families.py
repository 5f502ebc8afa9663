"""An edit family says what it did to a picture."""

from typing import Any

import numpy as np
import pytest

from tests.pictures import drawn
from vision.edits import transforms as edits
from vision.edits.families import FAMILIES, Done, Made, edit

VIEW = drawn(1)
TALL = drawn(2, width=40, height=240)
SCENE = drawn(3)


def made(family: str, view: Any = VIEW, seed: str = "a.jpg") -> Made:
    one = edit(family, view, SCENE, seed)
    assert one
    return one


def test_the_turn_stated_is_the_turn_made() -> None:
    turns = set()
    for seed in "abcdef":
        turned = made("edit-rotate-25", seed=seed)
        turns.add(turned.done.rotated)
        assert (edits.rotate(VIEW, degrees=turned.done.rotated) == turned.picture).all()
    assert turns == {-25, 25}


def test_a_tall_picture_takes_what_its_shape_allows_of_a_scene() -> None:
    black, white = np.zeros_like(SCENE), np.full_like(TALL, 255)
    pasted = edit("edit-paste-40", white, black, "a.jpg")
    assert pasted
    assert pasted.done.covers == pytest.approx(pasted.picture.mean() / 255, abs=0.001)
    assert pasted.picture.mean() < 0.2 * 255


def test_what_is_turned_before_it_is_pasted_takes_less_than_its_frame() -> None:
    done = made("edit-chain-c").done
    assert abs(done.rotated) == 10
    assert done.covers == pytest.approx(0.4 * VIEW.size / edits.rotate(VIEW, degrees=10).size)


def test_a_mirror_image_of_a_turned_picture_is_turned_the_other_way() -> None:
    turned, mirrored = Done(rotated=10), Done(mirrored=True)
    assert turned.then(mirrored).rotated == -10
    assert mirrored.then(turned).rotated == 10


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_says_whether_it_mirrored(family: str) -> None:
    one = edit(family, VIEW, SCENE, "a.jpg")
    assert one is None or one.done.mirrored == (family in {"edit-mirror", "edit-chain-a"})


def test_of_a_thing_on_another_ground_its_rectangle_is_left() -> None:
    thing = np.full((100, 200, 3), 250, np.uint8)
    thing[20:70, 40:140] = (200, 30, 30)
    made = edit("edit-ground", thing, SCENE, "a.jpg")
    assert made
    assert made.done.cropped == made.done.covers == pytest.approx(0.25, abs=0.01)
    assert made.done.in_scene
