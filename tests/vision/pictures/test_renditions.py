"""A transparent picture has a rendition on a light page and one on a dark page."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.pictures import drawn, encoded
from tests.vision.pictures.made import saved
from vision.pictures.decode import decode
from vision.pictures.renditions import decode_view, rendition_again, renditions_in
from vision.pictures.srgb import DARK


def ring(colour: str, alpha: int = 255) -> Image.Image:
    """A ring on nothing."""
    image = Image.new("RGBA", (120, 120), (255, 0, 0, 0))  # what is hidden is red
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).ellipse((20, 20, 100, 100), outline=alpha, width=14)
    image.paste(Image.new("RGB", image.size, colour), mask=mask)
    image.putalpha(mask)
    return image


def count(data: bytes) -> int:
    return len(list(renditions_in(data)))


def colours(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> set[tuple[int, ...]]:
    return {tuple(map(int, one)) for one in pixels.reshape(-1, 3)}


def test_an_opaque_picture_has_one_rendition() -> None:
    renditions = renditions_in(encoded(drawn()))
    [only] = renditions
    assert only.ground == ""
    assert renditions.pixel_sha256 == decode(encoded(drawn())).pixel_sha256


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "TIFF"])
def test_white_on_nothing_is_seen_on_a_dark_page(kind: str) -> None:
    light, dark = renditions_in(
        saved(ring("white"), kind, **{"lossless": True} if kind == "WEBP" else {})
    )
    assert (light.ground, dark.ground) == ("light", "dark")
    assert colours(light.decoded.pixels) == {(255, 255, 255)}
    assert {DARK, (255, 255, 255)} <= colours(dark.decoded.pixels)


def test_grey_with_alpha_and_a_transparent_colour_count_as_well() -> None:
    assert count(saved(ring("white").convert("LA"), "PNG")) == 2
    palette = Image.new("P", (64, 64), 1)
    palette.putpalette([10, 20, 30, 255, 255, 255])
    palette.paste(0, (0, 0, 32, 64))
    assert count(saved(palette, "PNG", transparency=0)) == 2


def test_what_hardly_shows_counts_as_little() -> None:
    """A ring at an alpha of 3 in 255 is no ring to a viewer, on whatever page."""
    light, dark = renditions_in(saved(ring("black", alpha=3), "PNG"))
    assert int(light.decoded.pixels.min()) >= 250
    assert int(dark.decoded.pixels.max()) <= max(DARK) + 5


def test_rounded_corners_change_nothing() -> None:
    image = Image.fromarray(drawn()).convert("RGBA")
    corners = Image.new("L", image.size)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, 239, 159), 8, fill=255)
    image.putalpha(corners)
    assert count(saved(image, "PNG")) == 1


def test_each_rendition_is_made_again() -> None:
    data = saved(ring("white"), "PNG")
    for rendition in renditions_in(data):
        again = rendition_again(data, ground=rendition.ground)
        assert again.pixel_sha256 == rendition.decoded.pixel_sha256


def test_the_hash_of_all_renditions_is_of_each() -> None:
    white, black = (renditions_in(saved(ring(colour), "PNG")) for colour in ("white", "black"))
    assert white.pixel_sha256 != black.pixel_sha256
    assert white.pixel_sha256 not in {rendition.decoded.pixel_sha256 for rendition in white}


@pytest.mark.parametrize(
    ("colour", "ground"), [("white", "dark"), ("black", "light"), ("red", "light")]
)
def test_a_view_is_on_the_ground_that_shows_it(colour: str, ground: str) -> None:
    view = decode_view(saved(ring(colour), "PNG"))
    assert view.ground == ground
    assert len(colours(view.decoded.pixels)) > 1
