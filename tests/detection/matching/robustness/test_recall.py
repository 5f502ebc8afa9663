"""What an owner reads of the robustness test, and which view is named."""

import pytest

from detection.matching.robustness.groups import DEGREES, GROUPS, SIDES
from detection.matching.robustness.recall import Advice, advice, recall, score, sides

EVERYTHING = {name: 100.0 for group in GROUPS.values() for name in group} | {
    f"side-{side}-{degrees}": 100.0 for side in SIDES for degrees in DEGREES
}
LEFT_LOST = EVERYTHING | {"side-left-35": 40.0, "side-left-50": 0.0}


def test_recall_depends_on_the_threshold() -> None:
    found = {"view": {"edit-crop-60": 90.0, "edit-crop-35": 80.0}}
    assert [one.found for one in recall(found, 85)] == [1]
    assert [one.found for one in recall(found, 75)] == [2]
    assert score(found, 85) == 50


def test_a_side_that_is_lost_is_named() -> None:
    assert [one.share for one in sides({"view": LEFT_LOST}, 85)] == [0, 1, 1, 1]
    assert advice({"view": LEFT_LOST}, 85, "packaging", 1, 2) == [Advice.LEFT]


def test_a_thing_shown_from_one_side_needs_others() -> None:
    assert advice({"view": EVERYTHING}, 85, "object", 1, 2) == [Advice.MORE_SIDES]
    assert advice({"view": EVERYTHING}, 85, "object", 3, 2) == []


def test_packaging_that_is_shown_from_one_side_needs_its_back_first() -> None:
    found = advice({"view": LEFT_LOST}, 85, "packaging", 3, 1)
    assert found == [Advice.BACK, Advice.LEFT]


@pytest.mark.parametrize(("kind", "sides"), [("photo", 1), ("packaging", 2), ("packaging", None)])
def test_nothing_else_needs_a_back(kind: str, sides: int | None) -> None:
    assert advice({"view": EVERYTHING}, 85, kind, 1, sides) == []


def test_nothing_transformed_scores_nothing() -> None:
    assert score({}, 85) == 0
