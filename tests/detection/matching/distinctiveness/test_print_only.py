"""A picture of nothing but text, a QR code or a barcode is told from a design with print on it."""

import numpy as np
import pytest

from detection.matching.distinctiveness.print_only import print_only
from tests import commonplace
from tests.logos import letter
from tests.pictures import drawn, photograph
from tests.print import barcode, page, qr_code, table
from vision.edits import transforms as edits
from vision.pictures.picture import Picture

LINK = "https://example.org/goods/7"


def told(picture: Picture) -> str | None:
    error = print_only(picture)
    return error and error["code"]


@pytest.mark.parametrize("size", [14, 22, 36])
def test_a_page_of_text_in_any_size_is_only_text(size: int) -> None:
    assert told(page(1, size)) == "text_only"
    assert told(np.asarray(255 - page(1, size), np.uint8)) == "text_only"


def test_a_page_of_another_hand_and_a_table_are_only_text() -> None:
    assert told(commonplace.page()) == "text_only"
    assert told(table(1)) == "text_only"


@pytest.mark.parametrize(
    "picture",
    [qr_code(LINK), edits.rotate(qr_code(LINK), degrees=20), barcode("40063813"),
     np.ascontiguousarray(barcode("40063813").swapaxes(0, 1))],
    ids=["QR code", "QR code at an angle", "barcode", "barcode on its side"],
)  # fmt: skip
def test_a_code_alone_is_only_a_code(picture: Picture) -> None:
    assert told(picture) == "code_only"


def with_code() -> Picture:
    """A package with a QR code in its corner."""
    made = edits.resize(drawn(1), width=600, height=400)
    made[20:150, 20:150] = edits.resize(qr_code(LINK, 1), width=130, height=130)
    return made


def label() -> Picture:
    """A few words on a plain ground."""
    made = page(1, 60)
    return np.ascontiguousarray(made[:200])


@pytest.mark.parametrize(
    "picture",
    [
        drawn(1),
        photograph("coffee.png"),
        photograph("logo.png"),
        letter(),
        commonplace.disc(),
        commonplace.motif(strong=True),
        commonplace.motif(strong=False),
        commonplace.blank(),
        commonplace.watermark(),
        commonplace.ruled(),
        with_code(),
        label(),
    ],
    ids=[
        "drawn", "photograph", "logo", "letter", "disc", "motif", "grey motif", "blank",
        "watermark", "ruled paper", "package with a code", "a few words",
    ],
)  # fmt: skip
def test_a_design_is_more_than_print(picture: Picture) -> None:
    assert told(picture) is None


def test_text_on_goods_is_part_of_them() -> None:
    """The page is a third of the package's front."""
    front = edits.resize(photograph("coffee.png"), width=620, height=800)
    front[500:] = page(1)[:300]
    assert told(front) is None


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (900, 2, 3)])
def test_the_smallest_pictures_are_no_print(shape: tuple[int, ...]) -> None:
    assert told(np.zeros(shape, np.uint8)) is None
