"""What is not a picture, or too much of one, is refused with a clear error."""

import struct
import warnings

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image
from pytest_django.fixtures import Settings

from tests.pictures import drawn, encoded
from tests.vision.pictures.made import (
    ORIENTATION,
    files_of_every_kind,
    heic,
    png_that_claims,
    saved,
    small,
)
from vision.pictures.decode import (
    ImageTooLarge,
    ImageTooSmall,
    NotAnImage,
    UnreadableImage,
    decode,
    inspect,
)

KINDS = sorted(files_of_every_kind())


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(UnreadableImage, match="empty") as refused:
        decode(b"")
    assert refused.value.remedy == "Send the whole file again."


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><html><body>404</body></html>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>',
        b"%PDF-1.7\n",
        b"\0\0\1\0" + bytes(2000),
        b"8BPS" + bytes(2000),
        np.random.default_rng(5).bytes(3000),
    ],
    ids=["html", "svg", "pdf", "ico", "psd", "random"],
)
def test_another_type_is_refused_and_told_what_to_send(data: bytes) -> None:
    with pytest.raises(NotAnImage) as refused:
        decode(data)
    assert refused.value.code == "image_type"
    assert refused.value.remedy == "Send PNG, JPEG, WebP, AVIF, GIF, HEIC, TIFF or BMP."


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_truncated_picture_is_refused_as_damaged(kind: str) -> None:
    data = encoded(drawn(), kind)
    with pytest.raises(UnreadableImage) as refused:
        decode(data[: len(data) // 3])
    assert refused.value.code == "image_unreadable"
    assert "damaged" in refused.value.message


def test_a_truncated_avif_is_refused() -> None:
    data = encoded(drawn(), "AVIF")
    with pytest.raises(UnreadableImage):
        decode(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ["heic", "tiff", "tiff-lzw", "bmp"])
def test_what_phones_and_studios_send_is_refused_when_it_is_cut(kind: str) -> None:
    data = files_of_every_kind()[kind]
    with pytest.raises(UnreadableImage):
        decode(data[: len(data) // 2])


def test_a_heic_that_claims_too_many_pixels_is_refused_unread() -> None:
    size = struct.pack(">II", 240, 160)
    data = heic().replace(
        b"ispe\0\0\0\0" + size, b"ispe\0\0\0\0" + struct.pack(">II", 30_000, 20_000)
    )
    with pytest.raises(ImageTooLarge, match="30000 x 20000"):
        decode(data)


def test_a_header_that_claims_ten_thousand_million_pixels_is_refused_unread() -> None:
    with pytest.raises(ImageTooLarge, match="100000 x 100000"):
        decode(png_that_claims(100_000, 100_000))


def test_a_bomb_of_a_few_bytes_is_refused_by_its_pixels(settings: Settings) -> None:
    settings.MAX_IMAGE_PIXELS = 1_000_000
    bomb = saved(Image.new("L", (1001, 1000)), "PNG", optimize=True)
    assert len(bomb) < 3000
    with pytest.raises(ImageTooLarge) as refused:
        decode(bomb)
    assert "1,000,000" in refused.value.remedy


def test_a_picture_of_just_the_permitted_pixels_is_read(settings: Settings) -> None:
    settings.MAX_IMAGE_PIXELS = 40 * 48
    assert decode(saved(small(), "PNG")).pixels.shape == (40, 48, 3)


def test_a_file_of_too_many_bytes_is_refused(settings: Settings) -> None:
    data = saved(small(), "PNG")
    settings.MAX_IMAGE_BYTES = len(data) - 1
    with pytest.raises(ImageTooLarge, match="bytes"):
        inspect(data)


@pytest.mark.parametrize("size", [(1, 1), (31, 500), (500, 31)])
def test_a_picture_with_too_few_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ImageTooSmall, match=f"{size[0]} x {size[1]}"):
        decode(saved(Image.new("RGB", size), "PNG"))


@pytest.mark.parametrize("size", [(30_000, 10), (32, 3201), (3201, 32)])
def test_a_picture_too_thin_to_compare_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ImageTooSmall) as refused:
        decode(saved(Image.new("RGB", size), "PNG"))
    assert size[0] == 30_000 or "100 times" in refused.value.remedy


def test_a_picture_a_hundred_times_as_long_as_wide_is_read() -> None:
    assert decode(saved(Image.new("RGB", (32, 3200)), "PNG")).pixels.shape == (3200, 32, 3)


def test_odd_metadata_refuses_nothing() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 99
    data = saved(small(), "PNG", exif=exif, icc_profile=b"no profile at all")
    np.testing.assert_array_equal(decode(data).pixels, np.asarray(small()))


@pytest.mark.parametrize("kind", KINDS)
@hypothesis.settings(max_examples=100, deadline=None)
@hypothesis.given(choices=st.data())
def test_spoilt_bytes_give_pixels_or_a_clear_refusal(kind: str, choices: st.DataObject) -> None:
    """Whatever the libraries underneath make of it, nothing else comes out."""
    data = bytearray(files_of_every_kind()[kind])
    place = st.integers(0, len(data) - 1)
    for at in choices.draw(st.lists(place, min_size=1, max_size=8), label="changed"):
        data[at] = choices.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, data[at] ^ 1]))
    start = choices.draw(place, label="cut from")
    data[start : start + choices.draw(st.sampled_from([0, 0, 0, 1, 5, 10_000]))] = b""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            pixels = decode(bytes(data)).pixels
        except UnreadableImage as refused:
            assert refused.remedy  # noqa: PT017 - either way out is right
        else:
            assert pixels.dtype == np.uint8
            assert pixels.shape[2] == 3
