"""A logo is known by its shape, wherever it is and in whatever colour."""

import cv2
import numpy as np
import pytest

from tests.logos import crescent, disc_logo, frame_logo, letter, placed, two_bars
from tests.pictures import photograph
from vision.channels.logo.alignment import Alignment, align, placements
from vision.channels.logo.ink import window_of
from vision.channels.logo.shapes import Shape, gap, is_plain, on_square, shape_of
from vision.geometry.polygons import SQUARE, project
from vision.pictures.picture import Picture

SURE, UNSURE = 0.85, 0.75  # of outlines that agree


def shape(picture: Picture) -> Shape:
    found = shape_of(picture)
    assert found
    return found


def aligned(logo: Picture, listing: Picture, *, mirrored: bool = False) -> Alignment | None:
    form = shape(logo).mirrored if mirrored else shape(logo)
    return align(form, placements(form, window_of(listing, 150, 60, 200)))


@pytest.mark.parametrize("colour", [(255, 255, 255), (20, 20, 20), (200, 30, 60), (30, 220, 240)])
def test_a_logo_is_found_in_any_colour(colour: tuple[int, int, int]) -> None:
    listing = placed(letter(), photograph("coffee.png"), colour)
    found = aligned(letter(), listing)
    assert found
    assert found.outline > SURE


def test_where_it_lies_is_told_in_normalised_coordinates() -> None:
    listing = placed(letter(), photograph("coffee.png"), (250, 250, 250))
    found = aligned(letter(), listing)
    assert found
    height, width = listing.shape[:2]
    corners = project(SQUARE, found.homography) * (width, height)
    # The whole registered picture was pasted as a square of 160 pixels at 170, 80.
    expected = np.array([[170, 80], [330, 80], [330, 240], [170, 240]])
    assert np.abs(corners - expected).max() < 8


def test_a_tilted_logo_is_found() -> None:
    listing = placed(letter(), photograph("coffee.png"), (240, 240, 240), lean=0.25)
    found = aligned(letter(), listing)
    assert found
    assert found.outline > SURE


def test_a_logo_that_is_knocked_out_of_a_colour_is_found() -> None:
    negative = np.asarray(255 - letter(), np.uint8)
    listing = placed(negative, photograph("coffee.png"), (30, 60, 160))
    found = aligned(letter(), listing)
    assert found
    assert found.outline > SURE


def test_a_mirrored_logo_is_found_as_its_mirror_image() -> None:
    listing = placed(np.ascontiguousarray(letter()[:, ::-1]), photograph("coffee.png"), (9, 9, 9))
    found = aligned(letter(), listing, mirrored=True)
    assert found
    assert found.outline > SURE
    assert np.linalg.det(found.homography[:2, :2]) < 0
    other = aligned(letter(), listing)
    assert other is None or other.outline < found.outline


@pytest.mark.parametrize(
    "listing", [photograph("coffee.png"), np.full((400, 600, 3), 90, np.uint8)]
)
def test_where_there_is_no_logo_none_aligns_well(listing: Picture) -> None:
    found = aligned(letter(), np.asarray(listing, np.uint8))
    assert found is None or found.outline < UNSURE


def test_another_logo_aligns_worse_than_the_right_one() -> None:
    listing = placed(letter(), photograph("coffee.png"), (240, 240, 240))
    right, wrong = aligned(letter(), listing), aligned(crescent(), listing)
    assert right
    assert wrong is None or wrong.outline < UNSURE < right.outline


def test_a_shape_leaves_the_ground_around_it_out() -> None:
    found = shape(letter())
    assert found.ink.max() > 0.9
    corners = project(SQUARE, found.frame)
    assert 0.1 < corners[:, 0].min() < corners[:, 0].max() < 0.9


@pytest.mark.parametrize(
    "picture",
    [np.full((80, 80, 3), 200, np.uint8), np.tile(np.arange(80, dtype=np.uint8) // 4, (80, 1))],
    ids=["even", "hardly anything"],
)
def test_without_contrast_there_is_no_shape(picture: np.ndarray) -> None:
    rgb = picture if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2)
    assert shape_of(np.asarray(rgb, np.uint8)) is None


def test_a_hairline_is_no_shape() -> None:
    line = np.full((200, 200, 3), 255, np.uint8)
    cv2.line(line, (5, 100), (195, 100), (0, 0, 0), 3)
    assert shape_of(line) is None


@pytest.mark.parametrize("picture", [disc_logo(), frame_logo(), two_bars()])
def test_a_plain_form_tells_nothing(picture: Picture) -> None:
    assert is_plain(shape(picture))


@pytest.mark.parametrize("picture", [letter(), crescent()])
def test_a_form_of_its_own_is_not_plain(picture: Picture) -> None:
    assert not is_plain(shape(picture))


def test_a_clean_logo_stands_in_the_middle_of_its_square() -> None:
    made = on_square(shape(letter()), 64, 0.8)
    assert made.shape == (64, 64, 3)
    dark = np.argwhere(made[:, :, 0] < 128)
    assert abs(dark.min() - 6) <= 2
    assert abs(63 - dark.max() - 6) <= 2


def test_a_window_may_reach_beyond_the_picture() -> None:
    window = window_of(photograph("coffee.png"), -80, -80, 200)
    assert window.pixels.shape == (224, 224, 3)


def test_two_things_apart_leave_a_gap_across_or_down() -> None:
    between = np.full((200, 120, 3), 255, np.uint8)
    across = np.concatenate([letter(), between, crescent()], axis=1)
    down = np.ascontiguousarray(across.swapaxes(0, 1))
    assert 0.3 < gap(shape(across)) < 0.6
    assert gap(shape(down)) == pytest.approx(gap(shape(across)), abs=0.02)
    assert max(gap(shape(alone)) for alone in (letter(), crescent())) < 0.1
