"""What an owner reads of the attacks, and which view is named."""

from detection.matching.robustness.groups import DEGREES, GROUPS, SIDES
from detection.matching.robustness.recall import Advice, advice, recall, score, sides
from detection.matching.robustness.transforms import transformed
from tests.pictures import drawn
from vision.edits.families import FAMILIES

EVERYTHING = {name: 100.0 for group in GROUPS.values() for name in group} | {
    f"side-{side}-{degrees}": 100.0 for side in SIDES for degrees in DEGREES
}
LEFT_LOST = EVERYTHING | {"side-left-35": 40.0, "side-left-50": 0.0}


def test_every_edit_family_belongs_to_one_group() -> None:
    grouped = [name for group in GROUPS.values() for name in group]
    assert sorted(grouped) == sorted(FAMILIES)


def test_the_same_seed_makes_the_same_attacks() -> None:
    one, other = (dict(transformed(drawn(1), drawn(2), "a view")) for _ in range(2))
    assert all((one[name] == other[name]).all() for name in one)
    assert {f"side-{side}-50" for side in SIDES} <= set(one)


def test_the_share_that_survives_depends_on_the_threshold() -> None:
    found = {"view": {"edit-crop-60": 90.0, "edit-crop-35": 80.0}}
    assert [one.found for one in recall(found, 85)] == [1]
    assert [one.found for one in recall(found, 75)] == [2]
    assert score(found, 85) == 50


def test_a_side_that_is_lost_is_named() -> None:
    assert [one.share for one in sides({"view": LEFT_LOST}, 85)] == [0, 1, 1, 1]
    assert advice({"view": LEFT_LOST}, 85, "packaging", 1) == [Advice.LEFT]


def test_a_thing_shown_from_one_side_needs_others() -> None:
    assert advice({"view": EVERYTHING}, 85, "object", 1) == [Advice.MORE_SIDES]
    assert advice({"view": EVERYTHING}, 85, "object", 3) == []


def test_nothing_attacked_scores_nothing() -> None:
    assert score({}, 85) == 0
