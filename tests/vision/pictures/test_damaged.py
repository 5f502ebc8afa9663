"""Of a damaged file what browsers show of it is looked at."""

import numpy as np
import pytest
from PIL import Image

from tests.pictures import drawn, encoded
from tests.vision.pictures.made import chunk, difference, png, saved
from vision.pictures.damaged import LEAST_SHARE
from vision.pictures.decode import UnreadableImage, decode
from vision.pictures.in_part import DAMAGED, not_looked_at
from vision.pictures.renditions import renditions_in


def cut(data: bytes, share: float) -> bytes:
    return data[: int(share * len(data))]


def palette_png() -> bytes:
    return saved(Image.fromarray(drawn()).quantize(16), "PNG")


@pytest.mark.parametrize(
    "data",
    [
        encoded(drawn()),
        palette_png(),
        encoded(drawn(), "JPEG"),
        saved(Image.fromarray(drawn()).convert("L"), "JPEG"),
        saved(Image.fromarray(drawn()).convert("CMYK"), "JPEG"),
    ],
    ids=["PNG", "PNG of a palette", "JPEG", "grey JPEG", "CMYK JPEG"],
)
def test_the_lines_that_are_there_are_the_picture(data: bytes) -> None:
    found = decode(cut(data, 0.85))
    lines = len(found.pixels)
    assert LEAST_SHARE < lines / 160 < 1
    assert found.seen == lines / 160
    np.testing.assert_array_equal(found.pixels, decode(data).pixels[:lines])
    assert list(not_looked_at(renditions_in(cut(data, 0.85)))) == [DAMAGED]


def test_a_bitmap_lacks_its_upper_lines() -> None:
    data = encoded(drawn(), "BMP")
    found = decode(cut(data, 0.8)).pixels
    np.testing.assert_array_equal(found, drawn()[-len(found) :])


def test_a_progressive_jpeg_is_coarse_and_has_all_lines() -> None:
    data = encoded(drawn(), "JPEG", progressive=True)
    found = decode(cut(data, 0.5))
    assert found.pixels.shape == drawn().shape
    assert found.is_damaged
    assert difference(found.pixels, drawn()) < difference(drawn(2), drawn()) / 3


def test_lines_that_an_interlaced_picture_lacks_are_those_above() -> None:
    data = encoded(drawn(), "GIF")  # interlaced, as Pillow writes them
    found = decode(cut(data, 0.85))
    assert found.is_damaged
    assert found.pixels.shape[0] >= 158
    assert difference(found.pixels[:158], drawn()[:158]) < 4


def test_a_picture_that_lost_its_last_bytes_alone_is_read() -> None:
    data = encoded(drawn(), "JPEG")
    assert decode(data[:-2]).seen > 0.85


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_less_than_half_of_the_lines_is_refused(kind: str) -> None:
    with pytest.raises(UnreadableImage, match="damaged") as refused:
        decode(cut(encoded(drawn(), kind), 0.4))
    assert refused.value.code == "image_unreadable"
    assert refused.value.remedy == "Send the whole file again."


def test_a_png_with_wrong_checksums_is_as_browsers_show_it() -> None:
    note = bytearray(chunk(b"tEXt", b"Comment\0a note"))
    note[-1] ^= 1
    data = encoded(drawn())
    header, rest = data[8:33], data[33:]
    with_note = data[:8] + header + bytes(note) + rest
    np.testing.assert_array_equal(decode(with_note).pixels, drawn())
    spoilt = bytearray(data)
    spoilt[data.index(b"IEND") - 5] ^= 1  # of the checksum of what is before it
    np.testing.assert_array_equal(decode(bytes(spoilt)).pixels, drawn())


def test_a_whole_picture_is_not_damaged() -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP"):
        assert not decode(encoded(drawn(), kind)).is_damaged


def test_a_png_of_a_header_alone_is_refused() -> None:
    header = encoded(drawn())[16:29]
    with pytest.raises(UnreadableImage):
        decode(png(chunk(b"IHDR", header)))
