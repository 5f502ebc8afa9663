"""How the object channel looks at an object."""

import numpy as np

from tests.vision.channels.scenes import COFFEE
from vision.channels.object.framing import brightness, framed, luma
from vision.edits import transforms as edits
from vision.pictures.picture import Picture


def on(ground: int, left: int = 40) -> Picture:
    """A coloured object, 60 wide and 80 high, on a plain ground."""
    picture = np.full((160, 200, 3), ground, np.uint8)
    picture[30:110, left : left + 60] = (200, 40, 30)
    picture[50:70, left + 10 : left + 40] = (30, 60, 220)
    return picture


def test_an_object_on_a_plain_ground_is_cut_out_wherever_it_is() -> None:
    here = framed(on(250))
    assert here.shape == (90, 90, 3)
    np.testing.assert_array_equal(here, framed(on(0, left=120)))
    assert not here[:3].any()


def test_a_picture_without_a_plain_ground_stays_whole() -> None:
    assert framed(COFFEE) is COFFEE


def test_a_speck_is_no_object() -> None:
    speck = np.full((200, 200, 3), 255, np.uint8)
    speck[90:100, 90:100] = 0
    assert framed(speck) is speck


def test_brightness_is_the_same_in_every_hue() -> None:
    shifted = edits.shift_hue(COFFEE, degrees=180)
    np.testing.assert_allclose(
        brightness(shifted).astype(int), brightness(COFFEE).astype(int), atol=2
    )


def test_the_brightness_of_a_grey_copy_is_its_luma() -> None:
    np.testing.assert_array_equal(brightness(edits.grey(COFFEE)), luma(COFFEE))
