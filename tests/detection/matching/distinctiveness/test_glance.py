"""What is everybody's at a glance, and what is somebody's."""

import numpy as np
import pytest

from detection.matching.distinctiveness.glance import glance
from tests import commonplace
from tests.pictures import drawn, photograph
from vision.edits import transforms as edits
from vision.pictures.picture import Picture


@pytest.mark.parametrize("name", ["blank", "black", "scanned", "shading"])
def test_an_empty_page_is_empty_however_it_is_shaded(name: str) -> None:
    assert glance(commonplace.COMMONPLACE[name]()).empty


@pytest.mark.parametrize("name", ["ruled", "watermark", "other-watermark"])
def test_ruled_paper_and_watermarks_repeat_themselves(name: str) -> None:
    assert glance(commonplace.COMMONPLACE[name]()).repeating


def test_a_textile_print_in_strong_colours_is_a_design_of_its_own() -> None:
    assert glance(commonplace.motif(strong=False)).repeating
    assert not glance(commonplace.motif(strong=True)).repeating


def test_a_shirt_is_like_another_while_nothing_is_on_it() -> None:
    shirt = glance(commonplace.white_shirt())
    assert shirt.is_like(glance(edits.scale(commonplace.white_shirt(), share=0.5)))
    assert not shirt.is_like(glance(commonplace.white_shirt("ACME")))
    assert not shirt.is_like(glance(commonplace.disc()))


@pytest.mark.parametrize(
    "picture",
    [drawn(1), photograph("coffee.png"), photograph("logo.png"), commonplace.disc()],
    ids=["drawn", "photograph", "logo", "disc"],
)
def test_a_picture_with_anything_of_its_own_is_neither(picture: Picture) -> None:
    seen = glance(picture)
    assert not seen.empty
    assert not seen.repeating


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (3, 2), (32, 640)])
def test_pictures_of_any_shape_can_be_looked_at(shape: tuple[int, int]) -> None:
    dice = np.random.default_rng(0)
    glance(np.full((*shape, 3), 200, np.uint8))
    glance(dice.integers(0, 255, (*shape, 3)).astype(np.uint8))
