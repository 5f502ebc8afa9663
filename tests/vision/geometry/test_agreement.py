"""Patches of a view that a listing shows again, and those that are in their very place."""

import numpy as np
import pytest

from tests.pictures import drawn, photograph
from vision.edits import transforms as edits
from vision.geometry.agreement import NONE, SPEC, compare, textured_patches, thumbnail
from vision.pictures.picture import Picture

LISTING = photograph("coffee.png")
VIEW = thumbnail(LISTING)
AS_A_WHOLE = np.eye(3)


def moved_by(pixels: float) -> np.ndarray:
    """To the right, in pixels of the view."""
    moved = np.eye(3)
    moved[0, 2] = pixels / VIEW.shape[1]
    return moved


@pytest.mark.parametrize("size", [(640, 480), (90, 900), (1000, 4)])
def test_a_thumbnail_has_one_side_of_the_size_and_none_below_a_patch(size: tuple[int, int]) -> None:
    small = thumbnail(np.zeros((size[1], size[0], 3), np.uint8))
    assert max(small.shape[:2]) == SPEC.side
    assert min(small.shape[:2]) >= SPEC.patch


def test_the_same_picture_has_every_patch_in_its_place() -> None:
    found = compare(VIEW, LISTING, AS_A_WHOLE)
    assert found.patches == found.alike == found.in_place == textured_patches(VIEW) > 20
    assert found.in_place_ratio == 1


def test_a_picture_that_is_a_little_off_has_its_patches_beside_their_places() -> None:
    found = compare(VIEW, LISTING, moved_by(SPEC.reach - 1))
    assert found.alike > 0.9 * found.patches
    assert found.in_place < 0.5 * found.patches


def test_light_and_dark_may_change() -> None:
    found = compare(VIEW, edits.invert(LISTING), AS_A_WHOLE)
    assert found.in_place_ratio == 1


@pytest.mark.parametrize("other", [photograph("rocket.jpg"), drawn(1)], ids=["photo", "drawn"])
def test_another_picture_has_hardly_a_patch_in_its_place(other: Picture) -> None:
    found = compare(VIEW, other, AS_A_WHOLE)
    assert found.patches > 20
    assert found.in_place_ratio < 0.1


def test_only_what_the_listing_shows_is_compared() -> None:
    """The right half lies beyond it."""
    right_half_gone = np.diag([2.0, 1.0, 1.0])
    found = compare(VIEW, LISTING, right_half_gone)
    assert found.patches < 0.7 * textured_patches(VIEW)
    assert compare(VIEW, LISTING, moved_by(2 * VIEW.shape[1])) == NONE


def test_the_box_spans_what_is_found_again() -> None:
    half = LISTING.copy()
    half[:, half.shape[1] // 2 :] = np.random.default_rng(0).integers(0, 255, (1, 1, 3))
    left, top, right, bottom = compare(VIEW, half, AS_A_WHOLE).box
    assert 0 <= left < right <= 0.6
    assert 0 <= top < bottom <= 1


def test_a_plain_picture_has_nothing_to_compare() -> None:
    plain = np.full((120, 160, 3), 90, np.uint8)
    assert textured_patches(plain) == 0
    assert compare(plain, LISTING, AS_A_WHOLE) == NONE
