from dataclasses import replace

import numpy as np
import pytest

from tests.matchers import channels, copy_calibration, copy_match, memory, seen
from tests.pictures import drawn, photograph
from tests.vision.channels.scenes import enrol
from vision.channels.channel import Edit
from vision.channels.copy import NAME
from vision.channels.copy.explanation import further_polygons, polygons, recovered
from vision.channels.copy.view import copy_view
from vision.channels.matching import match_image
from vision.edits import transforms as edits
from vision.geometry.agreement import Agreement
from vision.geometry.polygons import WHOLE, Polygon
from vision.geometry.regions import Region
from vision.geometry.verification import Geometry
from vision.pictures.picture import Picture
from vision.pictures.resize import fit

# The listing shows the left half of the variant.
LEFT_HALF = Geometry(np.array([[2, 0, 0], [0, 1, 0], [0, 0, 1]], float), 50, 60)

FAR = np.array([[1, 0, 3], [0, 1, 0], [0, 0, 1]], float)


def span(polygon: Polygon) -> tuple[float, float]:
    """From left to right."""
    return min(x for x, _ in polygon), max(x for x, _ in polygon)


def test_identical_pictures_match_as_a_whole() -> None:
    assert polygons(copy_match(1.0, identical=True), confirmed=False) == (WHOLE, WHOLE)


def test_without_confirmed_geometry_the_nearest_window_is_shown() -> None:
    corner = Region(0.5, 0.5, 0.5, 0.5)
    found = copy_match(0.9, geometry=LEFT_HALF, region=corner)
    assert polygons(found, confirmed=False) == (corner.polygon(), WHOLE)
    nothing = copy_match(0.9, region=corner)
    assert polygons(nothing, confirmed=True) == (corner.polygon(), WHOLE)


def test_confirmed_geometry_shows_the_part_of_the_view() -> None:
    on_listing, on_view = polygons(copy_match(0.9, geometry=LEFT_HALF), confirmed=True)
    assert span(on_listing) == (0, 1)
    assert span(on_view) == (0, 0.5)


def test_where_a_part_is_found_again_only_that_part_is_shown() -> None:
    whole = Geometry(np.eye(3), 20, 30)
    corner = Agreement(50, 10, 0, box=(0.0, 0.0, 0.5, 0.25))
    on_listing, on_view = polygons(
        copy_match(0.4, geometry=whole, agreement=corner), confirmed=True
    )
    assert on_listing == on_view == [(0.0, 0.0), (0.5, 0.0), (0.5, 0.25), (0.0, 0.25)]


def test_further_places_are_shown_where_geometry_confirms_them() -> None:
    known = copy_calibration(chance_inliers=8)
    beside = Geometry(np.array([[0.5, 0, 0.5], [0, 1, 0], [0, 0, 1]]), 20, 30)
    doubtful, outside = replace(beside, inliers=8), replace(LEFT_HALF, homography=FAR)
    further = [copy_match(0.4, geometry=one) for one in (beside, doubtful, outside)]
    [shown] = further_polygons(copy_match(0.4, further=tuple(further)), known)
    assert span(shown) == (0.5, 1)


COFFEE = fit(photograph("coffee.png"), longest=480)
SCENE = edits.resize(drawn(9), width=640, height=480)


def explained(edited: Picture) -> Edit:
    """As found by the real geometry, the design being the only one."""
    register, features = memory(), seen(edited)
    enrol(register, COFFEE)
    [(view, evidence)] = match_image(features, register, channels())
    return recovered(features, copy_view(view), evidence.findings[NAME])


def test_a_copy_as_registered_has_nothing_to_explain() -> None:
    assert explained(edits.recompress(COFFEE, quality=85)) == Edit()


@pytest.mark.parametrize("degrees", [-60, -10, 25, 90])
def test_a_rotation_is_recovered_within_5_degrees(degrees: int) -> None:
    assert explained(edits.rotate(COFFEE, degrees=degrees)).rotated == pytest.approx(degrees, abs=5)


@pytest.mark.parametrize("axis", ["vertical", "horizontal"])
@pytest.mark.parametrize("degrees", [20, 35, 50])
def test_a_tilt_is_recovered_within_10_degrees(degrees: int, axis: str) -> None:
    edit = explained(edits.tilt(COFFEE, degrees=degrees, axis=axis))
    assert edit.tilted == pytest.approx(degrees, abs=10)


@pytest.mark.parametrize("area", [0.35, 0.6])
def test_a_crop_is_recovered_within_10_points(area: float) -> None:
    assert explained(edits.crop(COFFEE, area=area)).cropped == pytest.approx(area, abs=0.1)


@pytest.mark.parametrize("degrees", [-90, 30, 60])
def test_a_shift_of_colours_is_recovered_within_15_degrees(degrees: int) -> None:
    hue = explained(edits.shift_hue(COFFEE, degrees=degrees)).hue or 0
    assert abs((hue - degrees + 180) % 360 - 180) <= 15


def test_a_mirror_image_is_recovered() -> None:
    assert explained(edits.mirror(COFFEE)) == Edit(mirrored=True)


def test_a_negative_is_recovered() -> None:
    assert explained(edits.invert(COFFEE)) == Edit(inverted=True)


def test_missing_colours_are_recovered() -> None:
    assert explained(edits.grey(COFFEE)) == Edit(grey=True)


def test_a_scene_is_recovered() -> None:
    pasted = edits.paste(COFFEE, SCENE, area=0.2, x=0.8, y=0.2)
    assert explained(pasted).scene == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize("area", [0.35, 0.6])
def test_a_crop_is_named_when_it_was_then_put_into_a_scene(area: float) -> None:
    cropped = edits.crop(COFFEE, area=area, x=1.0, y=1.0)
    named = explained(edits.paste(cropped, SCENE, area=0.3))
    assert named.cropped == pytest.approx(area, abs=0.1)
    assert named.scene == pytest.approx(0.3, abs=0.1)


def test_the_hue_is_what_most_of_the_picture_says_whatever_is_written_over_it() -> None:
    shifted = edits.shift_hue(COFFEE, degrees=60)
    assert explained(edits.write_over(shifted, text="SALE")).hue == pytest.approx(60, abs=5)
