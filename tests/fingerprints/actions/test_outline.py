"""What of a photograph is registered."""

import pytest

from fingerprints.models import Brand, DesignImage
from tests.fingerprints.photographs import CARTON, SHELF, in_a_shop, official, views
from tests.pictures import drawn
from vision.encoders.base import Encoder
from vision.pictures.decode import decode


def codes(view: DesignImage) -> list[str]:
    return [warning["code"] for warning in view.warnings]


def test_of_an_added_photograph_the_goods_alone_are_registered(
    brand: Brand, fake_encoder: Encoder
) -> None:
    _, shot = views(brand, fake_encoder, official(), in_a_shop())
    assert shot.outline_by == DesignImage.OutlineBy.VIEWS
    assert shot.width == pytest.approx(180, abs=12)
    assert shot.height == pytest.approx(240, abs=12)
    with shot.preview.open() as goods, shot.photograph.open() as whole:
        assert decode(goods.read()).pixels.shape[:2] == (shot.height, shot.width)
        assert decode(whole.read()).pixels.shape == SHELF.shape


def test_the_first_view_is_registered_whole(brand: Brand, fake_encoder: Encoder) -> None:
    [view] = views(brand, fake_encoder, in_a_shop())
    assert (view.outline, view.outline_by, view.width) == (None, "", SHELF.shape[1])
    assert not view.photograph
    assert "goods_not_told_apart" not in codes(view)


def test_a_photograph_of_another_side_is_registered_whole_and_the_owner_is_asked(
    brand: Brand, fake_encoder: Encoder
) -> None:
    back = drawn(8, width=180, height=240)
    _, view = views(brand, fake_encoder, official(), in_a_shop(back))
    assert (view.outline, view.width) == (None, SHELF.shape[1])
    assert "goods_not_told_apart" in codes(view)


def test_a_photograph_waits_for_the_official_picture(brand: Brand, fake_encoder: Encoder) -> None:
    """Sent together, in whatever order."""
    shot, _ = views(brand, fake_encoder, in_a_shop(), official())
    assert shot.outline_by == DesignImage.OutlineBy.VIEWS
    assert (shot.attempts, shot.state) == (1, "enrolled")


def test_a_close_up_of_the_goods_is_registered_whole(brand: Brand, fake_encoder: Encoder) -> None:
    _, close = views(brand, fake_encoder, official(), CARTON[40:200, 30:150])
    assert close.outline is None
    assert "goods_not_told_apart" not in codes(close)


def test_print_up_to_the_edge_is_goods(brand: Brand, fake_encoder: Encoder) -> None:
    front, shot = views(brand, fake_encoder, CARTON, in_a_shop())
    assert front.outline is None
    assert shot.width == pytest.approx(180, abs=12)


def test_a_view_whose_goods_are_unknown_tells_nothing_about_others(
    brand: Brand, fake_encoder: Encoder
) -> None:
    back = in_a_shop(drawn(8, width=180, height=240))
    _, first, second = views(brand, fake_encoder, official(), back, back[5:, 5:])
    assert "goods_not_told_apart" in codes(first)
    assert "goods_not_told_apart" in codes(second)


def test_a_picture_on_plain_ground_needs_no_outline(brand: Brand, fake_encoder: Encoder) -> None:
    _, view = views(brand, fake_encoder, in_a_shop(), official())
    assert (view.outline, codes(view)) == (None, [])


def test_of_a_photo_design_the_whole_picture_is_the_design(
    brand: Brand, fake_encoder: Encoder
) -> None:
    _, view = views(brand, fake_encoder, official(), in_a_shop(), kind="photo")
    assert view.outline is None


def test_goods_are_told_by_views_with_an_outline_too(brand: Brand, fake_encoder: Encoder) -> None:
    _, _, third = views(brand, fake_encoder, official(), in_a_shop(), in_a_shop()[40:, 60:])
    assert third.outline_by == DesignImage.OutlineBy.VIEWS
