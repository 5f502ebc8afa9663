"""When a target is met, missed, or not measured."""

from typing import Any

import pytest

from lab.benchmark.families import is_clean
from lab.benchmark.figures import overall
from lab.benchmark.targets import results
from tests.lab.benchmark.scenes import FOUND, asked, row

FLAGGED = {"flagged": True, "similarity": 90.0, "other_similarity": 90.0, "best_brand": "y"}
LOST = {"design_id": "a"}
SAME = {"flagged": True, "match_kind": "same_design", "brand": "x", "best_brand": "x"}


@pytest.mark.parametrize(
    ("target", "family", "good", "bad", "allowed"),
    [
        ("edits: right design, worst family", "edit-crop", FOUND, {"design_id": "a"}, 30),
        ("edits: right design, mean of families", "edit-crop", FOUND, {"design_id": "a"}, 5),
        ("shop-photo: right brand", "shop-photo", FOUND, {"design_id": "a", "brand": "x"}, 77),
        ("the same with three photographs added", "shop-photo/views", FOUND, LOST, 40),
        ("turntable-45: right design", "turntable-45", FOUND, {"design_id": "a"}, 50),
        ("turntable, hue-180: right design", "turntable-45-hue-180", FOUND, LOST, 100),
        ("logo-scene-8: right design", "logo-scene-8", FOUND, LOST, 120),
        ("logo scenes: right design, mean", "logo-scene-8", FOUND, LOST, 80),
        ("shelves of 2 to 4: right design", "shelf-3", FOUND, LOST, 50),
        ("whole shelf, 12 and 24: right design", "shelf-24", FOUND, LOST, 400),
        ("long-60: right design", "long-60", FOUND, LOST, 20),
        ("false alerts: unrelated photo, produce, edits", "unrelated-photo", {}, FLAGGED, 1),
        ("unrelated-object: flagged", "unrelated-object", {}, FLAGGED, 10),
        ("unrelated-object, recoloured: flagged", "unrelated-object-warm", {}, FLAGGED, 10),
        ("unrelated-mark: flagged", "unrelated-mark", {}, FLAGGED, 5),
        ("logo scenes: another brand's design", "logo-scene-20", FOUND, FLAGGED, 5),
        ("wrong brand: shop and sibling photos", "shop-photo", FOUND, {"brand": "x"} | FLAGGED, 5),
        ("sibling-photo: taken for the same design", "sibling-photo", {"brand": "x"}, SAME, 50),
        ("time a picture, p95", "same", {}, {"milliseconds": 500.0}, 50),
    ],
)
def test_a_target_allows_so_many_of_a_thousand(
    target: str, family: str, good: dict[str, Any], bad: dict[str, Any], allowed: int
) -> None:
    goods = [row(family, **good) for _ in range(1000)]
    bads = [row(family, **bad) for _ in range(allowed + 1)]
    assert asked(goods[allowed:] + bads[:allowed], target).met is True
    assert asked(goods[allowed + 1 :] + bads, target).met is False


def test_views_are_compared_with_one_view_on_the_same_listings() -> None:
    rows = [
        row("shop-photo", path="a.jpg", **FOUND),
        row("shop-photo", path="b.jpg", **LOST),
        row("shop-photo", path="became-a-view.jpg", **LOST),
        row("shop-photo/views", path="a.jpg", **FOUND),
        row("shop-photo/views", path="b.jpg", **FOUND),
    ]
    assert asked(rows, "of these listings with one view").detail == "1 of 2"
    assert asked(rows, "the same with three photographs added").detail == "2 of 2"


@pytest.mark.parametrize(("before", "after", "met"), [(1, 1, True), (1, 0, True), (0, 1, False)])
def test_views_may_flag_no_more_cartons_of_other_brands(
    before: int, after: int, *, met: bool
) -> None:
    rows = [
        row(family, path=f"{number}.jpg", flagged=number < flagged)
        for family, flagged in (("unrelated-carton", before), ("unrelated-carton/views", after))
        for number in range(4)
    ]
    found = asked(rows, "cartons of other brands flagged more with them")
    assert (found.met, found.detail) == (met, f"{after} of 4 in place of {before}")


def test_the_worst_family_is_named() -> None:
    rows = [row("edit-crop", **FOUND), row("edit-tilt", design_id="a")]
    assert asked(rows, "edits: right design, worst family").detail.startswith("edit-tilt")


def test_what_was_not_run_is_neither_met_nor_missed() -> None:
    assert {result.met for result in results([], 85)} == {None}


def test_each_figure_has_its_interval() -> None:
    rows = [row("turntable-45", **FOUND) for _ in range(28)]
    found = asked(rows, "turntable-45: right design")
    assert found.interval == pytest.approx((0.879, 1), abs=0.001)
    assert found.between == "87.94%-100%"
    times = [row("same", milliseconds=float(n)) for n in range(1, 1001)]
    assert asked(times, "time a picture, p95").interval == (936, 964)


def test_shelves_and_long_pictures_have_times_of_their_own() -> None:
    rows = [
        row("same", milliseconds=100.0),
        row("long-60", milliseconds=9000.0),
        *(row("shelf-2", path="shelf", milliseconds=2000.0) for _ in range(2)),
    ]
    figures = {
        what: asked(rows, f"time {what}, p95").figure
        for what in ("a picture", "a shelf", "a long picture")
    }
    assert figures == {"a picture": 100, "a shelf": 2000, "a long picture": 9000}
    assert asked(rows, "time a shelf, p95").detail == "of 1"


def test_edits_of_logos_count_for_nothing() -> None:
    rows = [row("edit-crop/logo", **FLAGGED, design_id="a")]
    assert not is_clean("edit-crop/logo")
    assert asked(rows, "edits: right design, worst family").figure is None
    assert overall(rows, 85)["false_alerts"]["of"] == 0
