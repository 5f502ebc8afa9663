import numpy as np

from detection.matching.explanation import polygons
from detection.matching.regions import Region
from fingerprints.geometry.polygons import WHOLE, Polygon
from fingerprints.geometry.verification import Geometry
from tests.matchers import evidence

# The listing shows the left half of the variant.
LEFT_HALF = Geometry(np.array([[2, 0, 0], [0, 1, 0], [0, 0, 1]], float), 50, 60)


def span(polygon: Polygon) -> tuple[float, float]:
    """From left to right."""
    return min(x for x, _ in polygon), max(x for x, _ in polygon)


def test_identical_pictures_match_as_a_whole() -> None:
    assert polygons(evidence(1.0, identical=True), confirmed=False) == (WHOLE, WHOLE)


def test_without_confirmed_geometry_the_nearest_window_is_shown() -> None:
    corner = Region(0.5, 0.5, 0.5, 0.5)
    found = evidence(0.9, geometry=LEFT_HALF, region=corner)
    assert polygons(found, confirmed=False) == (corner.polygon(), WHOLE)
    nothing = evidence(0.9, region=corner)
    assert polygons(nothing, confirmed=True) == (corner.polygon(), WHOLE)


def test_confirmed_geometry_shows_the_part_of_the_view() -> None:
    on_listing, on_view = polygons(evidence(0.9, geometry=LEFT_HALF), confirmed=True)
    assert span(on_listing) == (0, 1)
    assert span(on_view) == (0, 0.5)


def test_of_a_mirrored_variant_the_part_is_shown_on_the_view_as_registered() -> None:
    mirrored = evidence(0.9, geometry=LEFT_HALF, variant="mirrored")
    on_listing, on_view = polygons(mirrored, confirmed=True)
    assert span(on_listing) == (0, 1)
    assert span(on_view) == (0.5, 1)


def test_an_inverted_variant_lies_as_the_view_does() -> None:
    inverted = evidence(0.9, geometry=LEFT_HALF, variant="inverted")
    assert span(polygons(inverted, confirmed=True)[1]) == (0, 0.5)
