import numpy as np
import pytest

from tests.pictures import drawn
from vision.geometry.regions import REGIONS, WHOLE, Region, cut, grid


def test_the_whole_picture_comes_first() -> None:
    assert REGIONS[0] == WHOLE
    np.testing.assert_array_equal(cut(drawn(), WHOLE), drawn())


@pytest.mark.parametrize("size", [(240, 160), (33, 641), (101, 57)])
def test_the_windows_cover_every_pixel(size: tuple[int, int]) -> None:
    width, height = size
    numbered = np.arange(width * height, dtype=np.uint32).reshape(height, width)
    picture = np.stack([numbered >> 16, numbered >> 8, numbered], axis=-1).astype(np.uint8)
    seen: set[int] = set()
    for region in REGIONS[1:]:
        part = cut(picture, region).astype(np.uint32)
        seen |= set(((part[..., 0] << 16) + (part[..., 1] << 8) + part[..., 2]).ravel().tolist())
    assert seen == set(range(width * height))


def test_windows_of_half_the_size_are_half_the_size() -> None:
    assert {cut(drawn(), region).shape for region in REGIONS[1:]} == {(80, 120, 3)}


def test_a_grid_has_its_first_and_last_window_in_the_corners() -> None:
    windows = grid(3, 0.5)
    assert len(set(windows)) == 9
    assert windows[0] == Region(0.0, 0.0, 0.5, 0.5)
    assert windows[-1] == Region(0.5, 0.5, 0.5, 0.5)


@pytest.mark.parametrize("size", [(32, 32), (32, 640), (640, 32)])
def test_no_window_of_the_smallest_pictures_is_empty(size: tuple[int, int]) -> None:
    picture = drawn(width=size[0] * 2, height=size[1] * 2)[: size[1], : size[0]]
    assert all(min(cut(picture, region).shape[:2]) >= 16 for region in REGIONS)


def test_a_window_s_polygon_goes_round_it() -> None:
    assert Region(0.25, 0.5, 0.5, 0.5).polygon() == [
        (0.25, 0.5), (0.75, 0.5), (0.75, 1.0), (0.25, 1.0),
    ]  # fmt: skip
