"""Every kind of file becomes the same upright sRGB pixels."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.pictures import drawn, encoded
from tests.vision.pictures.made import (
    animated,
    difference,
    heic,
    png_of_16_bit_colours,
    saved,
    small,
    with_orientation,
)
from vision.pictures.decode import decode, inspect
from vision.pictures.encode import jpeg
from vision.pictures.picture import Picture, pixel_sha256

# What was done to the upright picture when the camera stored it, by EXIF orientation.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def is_first_frame(pixels: Picture) -> bool:
    """Small pictures lose much of their colour in lossy formats, but not that much."""
    first, second = (difference(pixels, np.asarray(small(seed))) for seed in (1, 2))
    return first < second / 3


def plain(colour: tuple[int, ...], mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (40, 40), colour)


def middle(data: bytes) -> list[int]:
    pixels = decode(data).pixels
    return [int(value) for value in pixels[20, 20]]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("JPEG", {"quality": 95, "subsampling": 0}),
        ("AVIF", {"quality": 95, "subsampling": "4:4:4"}),
        ("WEBP", {"quality": 95}),
        ("GIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("BMP", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_format_gives_the_same_picture(kind: str, options: dict[str, object]) -> None:
    picture = drawn()
    decoded = decode(encoded(picture, kind, **options))
    assert decoded.format == kind
    assert difference(decoded.pixels, picture) < 6


def test_a_phone_s_heic_gives_the_same_picture() -> None:
    decoded = decode(heic())
    assert decoded.format == "HEIF"
    assert difference(decoded.pixels, drawn(1)) < 12


def test_a_camera_file_with_two_pictures_is_its_first() -> None:
    decoded = decode(animated("MPO", quality=95))
    assert decoded.format == "MPO"
    assert is_first_frame(decoded.pixels)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_is_its_first_frame(kind: str) -> None:
    assert is_first_frame(decode(animated(kind)).pixels)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "TIFF"])
@pytest.mark.parametrize("orientation", STORED_AS)
def test_a_picture_stands_upright_as_its_exif_says(orientation: int, kind: str) -> None:
    upright = Image.new("RGB", (64, 48), "white")
    upright.paste((200, 0, 0), (0, 0, 32, 24))
    how = STORED_AS[orientation]
    stored = upright if how is None else upright.transpose(how)
    pixels = decode(with_orientation(stored, orientation, kind)).pixels
    assert pixels.shape == (48, 64, 3)
    assert difference(pixels, np.asarray(upright)) < 6


def test_an_upright_avif_stays_upright() -> None:
    turned = small().transpose(Image.Transpose.ROTATE_90)
    pixels = decode(with_orientation(turned, 6, "AVIF")).pixels
    assert difference(pixels, np.asarray(small())) < 20


@pytest.mark.parametrize(("stored", "shade"), [(0, 0), (256, 1), (32_768, 128), (65_535, 255)])
def test_deep_grey_keeps_its_shade(stored: int, shade: int) -> None:
    grey = Image.fromarray(np.full((40, 40), stored, np.uint16))
    assert middle(saved(grey, "PNG")) == [shade] * 3


@pytest.mark.parametrize(
    ("lightest", "kind"),
    [(1, np.float32), (255, np.float32), (65_535, np.float32), (7e4, np.float32), (255, np.int32),
     (65_535, np.int32), (2**31 - 1, np.int32)],
)  # fmt: skip
def test_what_has_more_bits_keeps_its_shades(lightest: float, kind: type[np.number[Any]]) -> None:
    shades = np.linspace(0, lightest, 40).astype(kind)
    data = saved(Image.fromarray(np.tile(shades, (40, 1))), "TIFF")
    row = decode(data).pixels[20, :, 0].astype(int)
    assert np.abs(row - np.linspace(0, 255, 40)).max() <= 1


def test_what_is_below_black_and_what_is_no_number_make_nothing_black() -> None:
    shades = np.tile(np.linspace(-5, 5, 40), (40, 1)).astype(np.float32)
    shades[0, :4] = np.nan, np.inf, -np.inf, 5
    row = decode(saved(Image.fromarray(shades), "TIFF")).pixels[20, :, 0].astype(int)
    assert np.abs(row - np.linspace(0, 255, 40)).max() <= 1


def test_deep_colours_keep_their_shades() -> None:
    deep = np.full((40, 40, 3), (65_535, 32_768, 257), np.uint16)
    assert middle(png_of_16_bit_colours(deep)) == [255, 128, 1]


@pytest.mark.parametrize("colour", [(200, 40, 30), (20, 150, 60), (250, 250, 250), (5, 5, 5)])
def test_a_cmyk_jpeg_keeps_its_colours(colour: tuple[int, int, int]) -> None:
    data = saved(plain(colour).convert("CMYK"), "JPEG", quality=95)
    assert middle(data) == pytest.approx(colour, abs=4)


def test_one_bit_is_black_and_white() -> None:
    image = Image.new("1", (40, 40), 1)
    image.paste(0, (0, 0, 20, 40))
    pixels = decode(saved(image, "PNG")).pixels
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert pixels[0, 39].tolist() == [255, 255, 255]


def half_red() -> Image.Image:
    """Half transparent red on the left, hidden green on the right."""
    image = Image.new("RGBA", (40, 40), (0, 255, 0, 0))
    image.paste((255, 0, 0, 128), (0, 0, 20, 40))
    return image


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_lies_on_white(kind: str) -> None:
    pixels = decode(saved(half_red(), kind, lossless=True, exact=True)).pixels
    assert pixels[0, 0].tolist() == pytest.approx([255, 127, 127], abs=1)
    assert pixels[0, 39].tolist() == [255, 255, 255]


def test_grey_with_alpha_lies_on_white() -> None:
    assert middle(saved(plain((0, 128), "LA"), "PNG")) == pytest.approx([127] * 3, abs=1)


def test_a_palette_with_a_transparent_colour_lies_on_white() -> None:
    image = Image.new("P", (40, 40), 1)
    image.putpalette([10, 20, 30, 200, 100, 0])
    assert middle(saved(image, "PNG", transparency=0)) == [200, 100, 0]
    assert middle(saved(image, "PNG", transparency=1)) == [255, 255, 255]


def test_a_palette_with_alpha_lies_on_white() -> None:
    image = Image.new("P", (40, 40), 1)
    image.putpalette([10, 20, 30, 200, 100, 0])
    assert middle(saved(image, "PNG", transparency=bytes([255, 0]))) == [255, 255, 255]


@pytest.mark.parametrize(
    ("mode", "colour", "transparency"),
    [("L", (7,), 7), ("RGB", (1, 2, 3), (1, 2, 3)), ("1", (0,), 0)],
)
def test_a_colour_that_stands_for_transparent_becomes_white(
    mode: str, colour: tuple[int, ...], transparency: object
) -> None:
    data = saved(plain(colour, mode), "PNG", transparency=transparency)
    assert middle(data) == [255, 255, 255]


def swapped_profile() -> bytes:
    """The usual profile with its red and green primaries exchanged: whoever ignores it sees green for red."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_colours_are_as_the_file_s_own_profile_says(kind: str) -> None:
    data = saved(plain((230, 20, 20)), kind, icc_profile=swapped_profile(), quality=95)
    red, green, _ = middle(data)
    assert green > 200
    assert red < 60


def test_a_profile_keeps_transparency() -> None:
    data = saved(half_red(), "PNG", icc_profile=swapped_profile())
    pixels = decode(data).pixels
    assert pixels[0, 39].tolist() == [255, 255, 255]
    assert int(pixels[0, 0, 1]) > int(pixels[0, 0, 0])


def test_a_profile_of_another_kind_of_colours_is_passed_over() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert middle(saved(plain((230, 20, 20)), "PNG", icc_profile=lab)) == [230, 20, 20]


def test_the_header_alone_tells_type_and_size() -> None:
    header = inspect(encoded(drawn(), "WEBP"))
    assert (header.format, header.width, header.height) == ("WEBP", 240, 160)


def test_equal_pixels_have_equal_hashes_whatever_the_file() -> None:
    png = decode(encoded(drawn(), "PNG"))
    webp = decode(encoded(drawn(), "WEBP", lossless=True))
    assert png.pixel_sha256 == webp.pixel_sha256


def one_pixel_changed(picture: Picture) -> Picture:
    picture[3, 5, 1] ^= 1
    return picture


@pytest.mark.parametrize(
    "other",
    [
        one_pixel_changed(drawn()),
        np.ascontiguousarray(drawn().transpose(1, 0, 2)),
        drawn().reshape(80, 480, 3),
        drawn()[:-1],
    ],
    ids=["one pixel", "transposed", "another shape", "a line less"],
)
def test_other_pixels_have_another_hash(other: Picture) -> None:
    assert pixel_sha256(other) != pixel_sha256(drawn())


def test_the_preview_carries_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(small(), "JPEG", exif=exif, icc_profile=profile, comment=b"secret")
    with Image.open(io.BytesIO(jpeg(decode(data).pixels, longest=640))) as preview:
        assert not preview.getexif()
        assert not {"exif", "icc_profile", "comment"} & set(preview.info)


def test_the_preview_is_a_jpeg_of_at_most_the_size_asked_for() -> None:
    header = inspect(jpeg(drawn(), longest=100))
    assert (header.format, header.width, header.height) == ("JPEG", 100, 67)


def test_the_preview_never_enlarges() -> None:
    assert inspect(jpeg(drawn(), longest=5000)).width == 240
