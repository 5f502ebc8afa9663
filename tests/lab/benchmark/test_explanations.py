"""What the benchmark says of named edits."""

from typing import Any

import pytest

from lab.benchmark.explanations import accuracies, is_right, truth
from lab.benchmark.report import explanation_table
from lab.benchmark.rows import Row
from tests.pictures import drawn
from vision.edits import transforms as edits
from vision.edits.families import Done, Made, edit

VIEW = drawn(1)
GREY = edits.grey(VIEW)
SCENE = drawn(3)
UNTOUCHED = truth(Done(), VIEW)


def made(family: str, view: Any = VIEW, seed: str = "a.jpg") -> Made:
    one = edit(family, view, SCENE, seed)
    assert one
    return one


@pytest.mark.parametrize(
    ("family", "changed"),
    [
        ("edit-text", {}),
        ("edit-grey", {}),
        ("edit-mirror", {"mirrored": True}),
        ("edit-inverted", {"inverted": True}),
        ("edit-hue-180", {"hue": 180}),
        ("edit-crop-35", {"cropped": 0.35}),
        ("edit-paste-20", {"scene": 0.2}),
        ("edit-collage", {"scene": pytest.approx(1 / 6)}),
        ("edit-chain-a", {"mirrored": True, "hue": 60, "cropped": 0.6}),
    ],
)
def test_a_family_states_what_it_did(family: str, changed: dict[str, Any]) -> None:
    assert truth(made(family).done, VIEW) == UNTOUCHED | changed


@pytest.mark.parametrize(
    "family", ["edit-rotate-10", "edit-tilt-35", "edit-border", "edit-chain-b"]
)
def test_ground_around_a_picture_may_be_named_a_scene_or_not(family: str) -> None:
    assert UNTOUCHED.keys() - truth(made(family).done, VIEW).keys() == {"scene"}


def test_without_colours_no_shift_of_them_is_asked_for() -> None:
    assert "hue" not in truth(made("edit-hue-60", GREY).done, GREY)
    assert truth(made("edit-mirror", GREY).done, GREY)["hue"] is None


@pytest.mark.parametrize(
    ("aspect", "named", "done", "right"),
    [
        ("mirrored", True, True, True),
        ("mirrored", False, True, False),
        ("rotated", 14.9, 10, True),
        ("rotated", -10.0, 10, False),
        ("rotated", None, 10, False),
        ("hue", -170.0, 180, True),
        ("hue", 164.0, 180, False),
        ("cropped", 0.45, 0.35, True),
        ("scene", None, 0.1, False),
    ],
)
def test_a_named_edit_is_right_within_its_tolerance(
    aspect: str, named: float | None, done: float, right: object
) -> None:
    assert is_right(aspect, named, done) is right


def row(family: str, **fields: Any) -> Row:
    return Row("a.jpg", family, "a", "x", **fields)


def test_what_was_not_done_counts_apart_when_it_is_named() -> None:
    rows = [
        row("edit-mirror", edit={"mirrored": True, "tilted": 12.0}, done={"mirrored": True}),
        row("edit-tilt-20", edit={"mirrored": True}, done={"mirrored": False, "tilted": 20}),
    ]
    found = accuracies(rows)
    assert (found["mirrored"]["judged"], found["mirrored"]["within"]) == (1, 1)
    assert (found["mirrored"]["untouched"], found["mirrored"]["falsely_named"]) == (1, 1)
    assert (found["tilted"]["judged"], found["tilted"]["within"]) == (1, 0)
    assert found["hue"]["within"] is None
    line = explanation_table(found).splitlines()[1]
    assert " ".join(line.split()) == "mirrored 1 100.0% 0 1 of 1"


def test_only_edits_flagged_with_the_right_design_are_judged() -> None:
    done = {"mirrored": True}
    rows = [
        row("edit-mirror", done=done),
        row("edit-mirror/logo", edit={"mirrored": True}, done=done),
        row("shop-photo", edit={"mirrored": True}),
    ]
    assert accuracies(rows)["mirrored"]["judged"] == 0
