import numpy as np
import pytest

from fingerprints.geometry.features import LISTING_POINTS, VIEW_POINTS, LocalFeatures, extract
from tests.pictures import drawn, photograph


def test_features_come_back_from_bytes_as_they_were() -> None:
    made = extract(drawn(), most=VIEW_POINTS)
    read = LocalFeatures.from_bytes(made.to_bytes())
    assert (read.width, read.height) == (400, 267)
    np.testing.assert_array_equal(read.descriptors, made.descriptors)
    np.testing.assert_allclose(read.points, made.points, atol=1 / 65535)


def test_no_features_come_back_as_none() -> None:
    plain = extract(np.full((64, 64, 3), 200, np.uint8), most=VIEW_POINTS)
    assert len(plain) == 0
    assert len(LocalFeatures.from_bytes(plain.to_bytes())) == 0


@pytest.mark.parametrize("name", ["coffee.png", "rocket.jpg", "motorcycle_left.png"])
def test_a_richly_textured_view_stays_under_64_kb(name: str) -> None:
    made = extract(photograph(name), most=VIEW_POINTS)
    assert len(made) == VIEW_POINTS
    assert len(made.to_bytes()) <= 64 * 1024


def test_bytes_that_would_run_code_are_refused() -> None:
    made = extract(drawn(), most=VIEW_POINTS)
    hostile = LocalFeatures(made.points, np.array([object()]), 1, 1)
    with pytest.raises(ValueError, match="pickle"):
        LocalFeatures.from_bytes(hostile.to_bytes())


def test_points_lie_within_the_picture_in_shares() -> None:
    points = extract(drawn(), most=LISTING_POINTS).points
    assert points.dtype == np.float32
    assert points.shape[1] == 2
    assert points.min() >= 0
    assert points.max() <= 1


def test_a_larger_picture_is_measured_at_the_working_size() -> None:
    made = extract(drawn(width=1280, height=640), most=VIEW_POINTS)
    assert (made.width, made.height) == (640, 320)


def test_there_are_never_more_than_asked_for() -> None:
    assert len(extract(photograph("coffee.png"), most=50)) == 50


def test_the_same_picture_gives_the_same_features() -> None:
    one, other = (extract(drawn(), most=VIEW_POINTS).to_bytes() for _ in range(2))
    assert one == other
