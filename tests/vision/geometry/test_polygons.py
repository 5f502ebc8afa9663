import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from numpy.typing import NDArray

from vision.geometry.polygons import WHOLE, Polygon, matching_region, project


def scaled(width: float, height: float, left: float, top: float) -> NDArray[np.float64]:
    return np.array([[width, 0, left], [0, height, top], [0, 0, 1]], np.float64)


def box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def area(polygon: Polygon) -> float:
    if not polygon:
        return 0.0
    x, y = np.array(polygon).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


@pytest.mark.parametrize(
    ("homography", "on_listing", "on_view"),
    [
        (np.eye(3), WHOLE, WHOLE),
        (scaled(2, 2, -0.5, -0.5), WHOLE, box(0.25, 0.25, 0.75, 0.75)),
        (scaled(2, 2, 0, 0), WHOLE, box(0, 0, 0.5, 0.5)),
        (scaled(0.5, 0.5, 0.25, 0.25), box(0.25, 0.25, 0.75, 0.75), WHOLE),
        (scaled(0.5, 0.5, 0, 0.5), box(0, 0.5, 0.5, 1), WHOLE),
        (scaled(1, 1, 0.5, 0), box(0.5, 0, 1, 1), box(0, 0, 0.5, 1)),
    ],
    ids=["identical", "crop", "crop at a corner", "paste", "paste at an edge", "half shown"],
)
def test_the_matching_region_is_what_both_show(
    homography: NDArray[np.float64], on_listing: Polygon, on_view: Polygon
) -> None:
    found_on_listing, found_on_view = matching_region(homography)
    assert sorted(found_on_listing) == sorted(on_listing)
    assert sorted(found_on_view) == sorted(on_view)
    assert area(found_on_listing) == pytest.approx(area(on_listing))


def test_corners_correspond_in_their_order() -> None:
    turned = np.array([[0, -1, 1], [1, 0, 0], [0, 0, 1]], np.float64)  # a quarter to the right
    on_listing, on_view = matching_region(turned)
    assert set(zip(on_view, on_listing, strict=True)) == {
        ((0, 0), (1, 0)),
        ((1, 0), (1, 1)),
        ((1, 1), (0, 1)),
        ((0, 1), (0, 0)),
    }


@pytest.mark.parametrize("nearly_none", [1e-4, 1e-5, 1e-6, 1e-9, 1e-40])
def test_edges_that_nearly_coincide_are_cut_like_those_that_do(nearly_none: float) -> None:
    larger = scaled(1.2, 1.2, 0, 0)
    larger[1, 2] = -nearly_none
    on_listing, on_view = matching_region(larger)
    assert area(on_listing) == pytest.approx(1, abs=0.001)
    assert area(on_view) == pytest.approx(1 / 1.44, abs=0.001)


def test_pictures_that_do_not_overlap_have_no_region() -> None:
    assert matching_region(scaled(1, 1, 3, 0)) == ([], [])


@hypothesis.settings(max_examples=200, deadline=None)
@hypothesis.given(
    width=st.floats(0.05, 8), height=st.floats(0.05, 8),
    left=st.floats(-3, 1), top=st.floats(-3, 1),
)  # fmt: skip
def test_a_box_is_cut_as_arithmetic_says(
    width: float, height: float, left: float, top: float
) -> None:
    across = min(1, left + width) - max(0, left)
    down = min(1, top + height) - max(0, top)
    hypothesis.assume(abs(across) > 0.01)
    hypothesis.assume(abs(down) > 0.01)
    expected = across * down if across > 0 and down > 0 else 0.0
    on_listing, on_view = matching_region(scaled(width, height, left, top))
    assert area(on_listing) == pytest.approx(expected, abs=0.002)
    assert area(on_view) == pytest.approx(expected / (width * height), abs=0.01)


@hypothesis.settings(max_examples=200, deadline=None)
@hypothesis.given(shifts=st.lists(st.floats(-0.2, 0.2), min_size=9, max_size=9))
def test_the_region_lies_within_both_pictures_and_maps_onto_itself(shifts: list[float]) -> None:
    homography = np.eye(3) + np.array(shifts).reshape(3, 3)
    on_listing, on_view = matching_region(homography / homography[2, 2])
    assert len(on_listing) == len(on_view)
    for x, y in on_listing + on_view:
        assert 0 <= x <= 1
        assert 0 <= y <= 1
    if on_listing:
        back = project(np.array(on_view), homography)
        np.testing.assert_allclose(back, on_listing, atol=0.01)
