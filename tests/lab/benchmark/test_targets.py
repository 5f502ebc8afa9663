"""When a target is met, missed, or not measured."""

from typing import Any

import pytest

from lab.benchmark.families import is_clean
from lab.benchmark.figures import overall
from lab.benchmark.targets import results
from tests.lab.benchmark.scenes import FOUND, asked, row

FLAGGED = {"flagged": True, "similarity": 90.0, "other_similarity": 90.0, "best_brand": "y"}
SAME = {"flagged": True, "match_kind": "same_design", "brand": "x", "best_brand": "x"}


@pytest.mark.parametrize(
    ("target", "family", "good", "bad", "allowed"),
    [
        ("edits: right design, worst family", "edit-crop", FOUND, {"design_id": "a"}, 5),
        ("edits: right design, mean of families", "edit-crop", FOUND, {"design_id": "a"}, 1),
        ("shop-photo: right brand", "shop-photo", FOUND, {"design_id": "a", "brand": "x"}, 8),
        ("false alerts: unrelated photo, produce, edits", "unrelated-photo", {}, FLAGGED, 0),
        ("unrelated photo and produce: flagged", "unrelated-produce", {}, FLAGGED, 0),
        ("unrelated-object: flagged", "unrelated-object", {}, FLAGGED, 2),
        ("unrelated-mark: flagged", "unrelated-mark", {}, FLAGGED, 2),
        ("wrong brand: shop and sibling photos", "shop-photo", FOUND, {"brand": "x"} | FLAGGED, 1),
        ("sibling-photo: taken for the same design", "sibling-photo", {"brand": "x"}, SAME, 5),
        ("time a picture, p95", "same", {}, {"milliseconds": 500.0}, 5),
    ],
)
def test_a_target_allows_so_many_of_a_hundred(
    target: str, family: str, good: dict[str, Any], bad: dict[str, Any], allowed: int
) -> None:
    goods = [row(family, **good)] * 100
    bads = [row(family, **bad)] * 100
    assert asked(goods[allowed:] + bads[:allowed], target).met is True
    assert asked(goods[allowed + 1 :] + bads[: allowed + 1], target).met is False


def test_the_worst_family_is_named() -> None:
    rows = [row("edit-crop", **FOUND), row("edit-tilt", design_id="a")]
    assert asked(rows, "edits: right design, worst family").detail.startswith("edit-tilt")


def test_what_was_not_run_is_neither_met_nor_missed() -> None:
    assert {result.met for result in results([], 85)} == {None}


def test_turntables_and_logos_are_asked_for_with_their_false_alerts() -> None:
    rows = [row("turntable-45", design_id="a", design_similarity=90.0, other_similarity=86.0)]
    found, mistaken = (
        asked(rows, f"turntable-45: {what}") for what in ("right design", "false alerts")
    )
    assert (found.figure, found.verdict) == (1, "met")
    assert (mistaken.figure, mistaken.verdict) == (1, "MISSED")
    assert asked([], "logo-scene-8: right design").verdict == "not measured"


def test_edits_of_logos_count_for_nothing() -> None:
    rows = [row("edit-crop/logo", **FLAGGED, design_id="a")]
    assert not is_clean("edit-crop/logo")
    assert asked(rows, "edits: right design, worst family").figure is None
    assert overall(rows, 85)["false_alerts"]["of"] == 0
