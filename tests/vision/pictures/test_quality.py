import numpy as np

from tests.pictures import photograph
from vision.edits import transforms as edits
from vision.pictures.quality import SPEC, quality_warnings, sharpness


def test_a_sharp_photograph_is_fine() -> None:
    assert quality_warnings(photograph("coffee.png")) == []


def test_a_blurred_one_is_told_of() -> None:
    blurred = edits.blur(photograph("coffee.png"), share=0.012)
    assert sharpness(blurred) < SPEC.sharp_from
    assert [warning["code"] for warning in quality_warnings(blurred)] == ["blurred"]


def test_a_sliver_is_small_and_no_fault() -> None:
    warnings = quality_warnings(np.zeros((1, 40, 3), np.uint8))
    assert {warning["code"] for warning in warnings} == {"long", "small", "blurred"}


def test_a_detail_page_is_told_to_be_cut_to_what_shows_the_design() -> None:
    coffee = photograph("coffee.png")
    [warning] = quality_warnings(np.concatenate([coffee] * 4))
    assert warning["code"] == "long"
    assert warning["remedy"].startswith("Cut out the part that shows the design")
