"""The goods in a photograph, told from what is around them."""

import cv2
import numpy as np
import pytest

from tests.pictures import drawn, photograph
from vision.edits import transforms as edits
from vision.geometry.features import extract_view
from vision.geometry.outline import (
    SPEC,
    KnownView,
    cut_out,
    filled,
    followed,
    goods_on_plain_ground,
    outline_by_views,
    within_box,
)
from vision.geometry.polygons import WHOLE, Polygon
from vision.pictures.picture import Picture

CARTON = drawn(3, width=180, height=240)
SHELF = photograph("coffee.png")
LEFT, TOP = 200, 100
TRIANGLE = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75)]


def on(ground: Picture) -> Picture:
    made = ground.copy()
    made[TOP : TOP + 240, LEFT : LEFT + 180] = CARTON
    return made


def overlap(outline: Polygon | None) -> float:
    """Intersection over union with the place of the carton."""
    assert outline is not None
    found = filled(np.array(outline), SHELF.shape)
    place = np.zeros(SHELF.shape[:2], np.uint8)
    place[TOP : TOP + 240, LEFT : LEFT + 180] = 1
    return float((found & place).sum() / (found | place).sum())


def known(picture: Picture) -> list[KnownView]:
    return [KnownView(extract_view(picture), WHOLE)]


def test_goods_on_a_plain_ground_have_an_outline() -> None:
    plain = edits.ground(SHELF.shape[0], SHELF.shape[1], (250, 250, 250))
    assert overlap(goods_on_plain_ground(on(plain))) > 0.95


def test_a_restless_ground_tells_nothing() -> None:
    assert goods_on_plain_ground(SHELF) is None


def test_goods_lie_where_another_view_of_them_does() -> None:
    outline = outline_by_views(on(SHELF), known(CARTON))
    assert overlap(outline) > 0.9
    assert outline
    assert len(outline) <= SPEC.most_corners


def test_of_another_view_only_its_goods_count() -> None:
    """The official picture has a wide margin, which would lie on the shelf."""
    official = edits.ground(480, 360, (255, 255, 255))
    official[120:360, 90:270] = CARTON
    goods = goods_on_plain_ground(official)
    assert goods
    outline = outline_by_views(on(SHELF), [KnownView(extract_view(official), goods)])
    assert overlap(outline) > 0.9


def test_the_view_that_most_points_agree_on_decides() -> None:
    part = CARTON[:120]
    assert overlap(outline_by_views(on(SHELF), [*known(part), *known(CARTON)])) > 0.9


@pytest.mark.parametrize("others", [[], known(drawn(9))], ids=["no other view", "another side"])
def test_nothing_is_guessed(others: list[KnownView]) -> None:
    assert outline_by_views(on(SHELF), others) is None


def test_colours_cannot_be_followed_from_nothing() -> None:
    everything, nothing = (np.full(SHELF.shape[:2], value, np.uint8) for value in (1, 0))
    half, speck = nothing.copy(), nothing.copy()
    half[:, :300], speck[0, 0] = 1, 1
    assert followed(SHELF, everything, everything, everything) == WHOLE
    assert followed(SHELF, half, half, nothing) is None
    assert followed(SHELF, half, half, speck) is None
    assert followed(SHELF, nothing, nothing, nothing) is None


def test_the_same_picture_has_the_same_outline() -> None:
    assert outline_by_views(on(SHELF), known(CARTON)) == outline_by_views(on(SHELF), known(CARTON))


def test_goods_that_fill_the_picture_are_all_of_it() -> None:
    larger = cv2.resize(CARTON, None, fx=2, fy=2)
    assert outline_by_views(np.asarray(larger, np.uint8), known(CARTON)) == WHOLE


def test_only_what_lies_within_is_left_on_white() -> None:
    shown = cut_out(np.zeros((100, 200, 3), np.uint8), TRIANGLE)
    assert shown.shape == (51, 101, 3)
    assert (shown[0, 0] == 0).all()
    assert (shown[-1, -1] == SPEC.ground).all()


def test_an_outline_in_its_own_box() -> None:
    assert within_box(TRIANGLE) == [(0, 0), (1, 0), (0, 1)]
