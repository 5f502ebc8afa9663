from dataclasses import replace

import cv2
import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.pictures import drawn, photograph
from vision.edits import transforms as edits
from vision.geometry.features import LocalFeatures, extract, extract_view
from vision.geometry.polygons import SQUARE, project
from vision.geometry.verification import Geometry, mutual_matches, verify
from vision.pictures.picture import Picture

type Homography = NDArray[np.float64]

VIEW = photograph("coffee.png")
BLANK = np.full((200, 300, 3), 240, np.uint8)


def compare(listing: Picture, view: Picture) -> Geometry | None:
    return verify(extract(listing), extract_view(view))


def normalised(pixels: Homography, source: tuple[int, int], target: tuple[int, int]) -> Homography:
    """The same map between normalised coordinates; sizes as width, height."""
    made = np.diag([1 / target[0], 1 / target[1], 1]) @ pixels @ np.diag([*source, 1])
    return np.asarray(made, np.float64)


def corner_error(found: Geometry | None, expected: Homography) -> float:
    """The farthest of the four corners, in normalised coordinates of the listing's picture."""
    assert found
    apart = project(SQUARE, found.homography) - project(SQUARE, expected)
    return float(np.abs(apart).max())


def warped(pixels: Homography, size: tuple[int, int]) -> Picture:
    return edits.as_picture(cv2.warpPerspective(VIEW, pixels, size, borderValue=(9, 9, 9)))


def rotation(degrees: float) -> Homography:
    matrix = cv2.getRotationMatrix2D((300, 200), degrees, 0.8)
    return np.asarray(np.vstack([matrix, [0, 0, 1]]), np.float64)


def perspective() -> Homography:
    source = np.array([[0, 0], [600, 0], [600, 400], [0, 400]], np.float32)
    target = np.array([[60, 40], [560, 10], [520, 390], [90, 340]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(source, target), np.float64)


@pytest.mark.parametrize(
    "pixels", [rotation(10), rotation(-35), rotation(90), rotation(180), perspective()]
)
def test_a_turned_or_tilted_picture_is_found_where_it_is(pixels: Homography) -> None:
    found = compare(warped(pixels, (600, 400)), VIEW)
    assert corner_error(found, normalised(pixels, (600, 400), (600, 400))) < 0.02
    assert found
    assert found.inliers > 100


def test_a_crop_is_found_within_the_view() -> None:
    found = compare(VIEW[100:300, 150:450], VIEW)
    shift = np.array([[1, 0, -150], [0, 1, -100], [0, 0, 1]], np.float64)
    assert corner_error(found, normalised(shift, (600, 400), (300, 200))) < 0.04


def test_a_picture_pasted_into_a_scene_is_found_there() -> None:
    scene = edits.resize(photograph("astronaut.png"), width=640, height=480)
    found = compare(edits.paste(VIEW, scene, area=0.25, x=0.5, y=0.5), VIEW)
    height = (0.25 * 640 * 480 / 1.5) ** 0.5
    width = 1.5 * height
    left, top = (640 - width) / 2 / 640, (480 - height) / 2 / 480
    expected = np.array([[width / 640, 0, left], [0, height / 480, top], [0, 0, 1]], np.float64)
    assert corner_error(found, expected) < 0.02


def test_a_picture_of_another_size_is_found_in_normalised_coordinates() -> None:
    found = compare(edits.resize(VIEW, width=300, height=260), VIEW)
    assert corner_error(found, np.eye(3)) < 0.02


def test_a_mirrored_picture_is_not_the_same_plane() -> None:
    found = compare(edits.mirror(VIEW), VIEW)
    assert found is None or found.inliers < 10


@pytest.mark.parametrize(("listing", "view"), [(BLANK, BLANK), (BLANK, VIEW), (VIEW, BLANK)])
def test_a_blank_picture_confirms_nothing(listing: Picture, view: Picture) -> None:
    assert compare(listing, view) is None


@pytest.mark.parametrize("seed", range(6))
def test_unrelated_pictures_hardly_agree(seed: int) -> None:
    found = compare(drawn(seed, width=480, height=320), drawn(seed + 50, width=480, height=320))
    assert found is None or found.inliers <= 8


def test_the_same_input_gives_the_same_answer() -> None:
    listing = extract(edits.rotate(VIEW, degrees=12))
    view = extract_view(VIEW)
    one, other = verify(listing, view), verify(listing, view)
    assert one
    assert other
    assert (one.inliers, one.matched) == (other.inliers, other.matched)
    np.testing.assert_array_equal(one.homography, other.homography)


def test_stored_features_give_the_answer_of_fresh_ones() -> None:
    listing = extract(edits.rotate(VIEW, degrees=12))
    view = extract_view(VIEW)
    fresh, stored = (
        verify(listing, view),
        verify(
            LocalFeatures.from_bytes(listing.to_bytes()), LocalFeatures.from_bytes(view.to_bytes())
        ),
    )
    assert fresh
    assert stored
    assert stored.inliers == fresh.inliers
    assert corner_error(stored, fresh.homography) < 1e-6


def test_many_points_on_one_spot_prove_no_more_than_one() -> None:
    dice = np.random.default_rng(0)
    descriptors = dice.integers(0, 16, (40, 128)).astype(np.uint8)
    places = dice.random((8, 2)).astype(np.float32).repeat(5, axis=0)
    features = LocalFeatures(places, descriptors, 640, 480, (40,))
    found = verify(features, features)
    assert found
    assert found.matched == 40
    assert found.inliers <= 8


def described(*rows: NDArray[np.uint8]) -> LocalFeatures:
    places = np.zeros((len(rows), 2), np.float32)
    return LocalFeatures(places, np.stack(rows), 640, 480, (len(rows),))


def test_points_match_when_each_is_the_other_s_nearest() -> None:
    a, b, c = np.random.default_rng(0).integers(0, 16, (3, 128)).astype(np.uint8)
    nearly_a = (a // 2 * 2).astype(np.uint8)
    pairs = mutual_matches(described(nearly_a, c, a), described(b, a))
    assert pairs.tolist() == [[2, 1]]


def test_one_place_in_two_simulated_tilts_matches_in_both() -> None:
    a, b = np.random.default_rng(0).integers(0, 16, (2, 128)).astype(np.uint8)
    twice = replace(described(a, b, a, b), parts=(2, 2))
    assert mutual_matches(described(a, b), twice).tolist() == [[0, 0], [1, 1], [0, 2], [1, 3]]


def test_a_point_that_fits_two_places_alike_fits_none() -> None:
    a, b = np.random.default_rng(0).integers(0, 16, (2, 128)).astype(np.uint8)
    assert len(mutual_matches(described(a, b), described(a, a, b))) == 1


@hypothesis.settings(max_examples=150, deadline=None)
@hypothesis.given(
    seed=st.integers(0, 10_000),
    count=st.integers(0, 30),
    shape=st.sampled_from(["anywhere", "one spot", "one line", "grid", "swapped"]),
)
def test_degenerate_points_never_crash_and_never_make_a_senseless_plane(
    seed: int, count: int, shape: str
) -> None:
    dice = np.random.default_rng(seed)
    descriptors = dice.integers(0, 16, (count, 128)).astype(np.uint8)
    source = dice.random((count, 2)).astype(np.float32)
    target = {
        "anywhere": dice.random((count, 2)),
        "one spot": np.full((count, 2), 0.5),
        "one line": source * (1, 0) + (0, 0.5),
        "grid": np.round(source * 3) / 3,
        "swapped": source[:, ::-1],
    }[shape].astype(np.float32)
    found = verify(
        LocalFeatures(target, descriptors, 640, 480, (count,)),
        LocalFeatures(source, descriptors, 320, 640, (count,)),
    )
    if found:
        assert np.isfinite(found.homography).all()
        assert 4 <= found.inliers <= found.matched <= count
        corners = project(SQUARE, found.homography).astype(np.float32)
        assert cv2.contourArea(corners, oriented=True) > 0
