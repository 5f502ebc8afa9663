import io

import numpy as np
import pytest

from tests.pictures import drawn, photograph
from vision.geometry.features import (
    SPEC,
    VIEW_PARTS,
    LocalFeatures,
    extract,
    extract_finely,
    extract_view,
)


def test_features_come_back_from_bytes_as_they_were() -> None:
    made = extract_view(drawn())
    read = LocalFeatures.from_bytes(made.to_bytes())
    assert (read.width, read.height, read.parts) == (480, 320, made.parts)
    np.testing.assert_array_equal(read.descriptors, made.descriptors)
    np.testing.assert_allclose(read.points, made.points, atol=1 / 65535)


def test_no_features_come_back_as_none() -> None:
    plain = extract_view(np.full((64, 64, 3), 200, np.uint8))
    assert len(plain) == 0
    assert len(LocalFeatures.from_bytes(plain.to_bytes())) == 0


@pytest.mark.parametrize("name", ["coffee.png", "rocket.jpg", "motorcycle_left.png"])
def test_a_richly_textured_view_stays_under_64_kb(name: str) -> None:
    made = extract_view(photograph(name))
    assert made.parts == tuple(most for most, _ in VIEW_PARTS)
    assert len(made.to_bytes()) <= 64 * 1024


def test_bytes_that_would_run_code_are_refused() -> None:
    hostile = io.BytesIO()
    np.savez(hostile, points=np.array([object()]), size=np.array([1, 1]))
    with pytest.raises(ValueError, match="pickle"):
        LocalFeatures.from_bytes(hostile.getvalue())


def test_points_are_normalised_coordinates() -> None:
    points = extract(drawn()).points
    assert points.dtype == np.float32
    assert points.shape[1] == 2
    assert points.min() >= 0
    assert points.max() <= 1


def test_a_larger_picture_is_measured_at_the_working_size() -> None:
    made = extract(drawn(width=1280, height=640))
    assert (made.width, made.height) == (SPEC.side, SPEC.side // 2)


def test_a_smaller_picture_is_enlarged_and_a_finer_look_keeps_its_size() -> None:
    small = drawn(width=240, height=160)
    assert extract(small).width == SPEC.side
    assert (extract_finely(drawn(width=640, height=320)).width, extract_finely(small).width) == (
        640,
        SPEC.side,
    )


def test_those_come_first_that_count_most() -> None:
    every = extract(photograph("motorcycle_left.png"))
    first = every.first(SPEC.listing_points)
    assert len(every) > len(first) == SPEC.listing_points
    cells = (first.points * SPEC.cells).astype(int).clip(max=SPEC.cells - 1)
    assert len({(x, y) for x, y in cells.tolist()}) == SPEC.cells**2
    assert len(every.first(len(every) + 1)) == len(every)


def test_the_same_picture_gives_the_same_features() -> None:
    one, other = (extract_view(drawn()).to_bytes() for _ in range(2))
    assert one == other


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 2)])
def test_a_sliver_has_no_features_and_breaks_nothing(size: tuple[int, int]) -> None:
    made = extract_view(np.zeros((*size, 3), np.uint8))
    assert made.parts == (0, 0, 0)
