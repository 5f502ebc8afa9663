"""A logo has few flat colours and a plain ground; goods and photographs have not."""

import numpy as np
import pytest

from tests.logos import crescent, letter
from tests.pictures import drawn, photograph
from vision.pictures.flat import looks_like_a_logo
from vision.pictures.picture import Picture


def two_colours() -> Picture:
    made = letter()
    made[:, 120:][made[:, 120:, 0] == 0] = (200, 30, 40)
    return made


@pytest.mark.parametrize("picture", [letter(), crescent(), two_colours()])
def test_flat_colours_on_a_plain_ground_look_like_a_logo(picture: Picture) -> None:
    assert looks_like_a_logo(picture)
    assert looks_like_a_logo(np.asarray(255 - picture, np.uint8))


@pytest.mark.parametrize("picture", [photograph("coffee.png"), photograph("rocket.jpg"), drawn(1)])
def test_photographs_and_packages_do_not(picture: Picture) -> None:
    assert not looks_like_a_logo(picture)


def test_a_logo_that_is_cut_at_the_edge_has_no_ground() -> None:
    assert not looks_like_a_logo(np.ascontiguousarray(letter()[40:160, 50:150]))
