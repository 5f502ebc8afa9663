"""Which rows are faults, and what is said of them."""

from typing import Any

import pytest

from lab.benchmark.faults import faults, miss_reason
from lab.benchmark.rows import Comparison
from tests.lab.benchmark.scenes import FOUND, row

MISSED = {"design_id": "a", "brand": "x"}
TAKEN = {
    "flagged": True,
    "best_design": "c",
    "best_brand": "y",
    "channel": "logo",
    "similarity": 91.0,
}
OTHER = {
    "other_similarity": 88.0,
    "other_design": "plain",
    "other_channel": "logo",
    "other_kind": "same_design",
}


def test_what_is_found_is_no_fault() -> None:
    rows = [row("edit-crop", **FOUND), row("unrelated-photo", other_similarity=84.9)]
    assert faults(rows, 85) == []


def test_a_false_alert_names_what_was_taken() -> None:
    (fault,) = faults([row("unrelated-photo", **OTHER)], 85)
    assert (fault.kind, fault.design) == ("false alert", "plain")
    told = "Another brand's design plain by the logo channel at 88, as same design."
    assert fault.reason == told


def test_a_false_alert_of_a_shelf_is_told_once() -> None:
    rows = [row("shelf-2", path="s", **FOUND, **OTHER) for _ in range(2)]
    assert len(faults(rows, 85)) == 1


def test_where_other_brands_may_stand_only_the_strongest_match_is_wrong() -> None:
    shop = row("shop-photo", brand="x", **OTHER)
    wrong = row("shop-photo", brand="x", **OTHER, **TAKEN)
    (fault,) = faults([shop, wrong], 85)
    assert (fault.kind, fault.design) == ("wrong brand", "c")
    assert fault.reason == "The strongest match is c by the logo channel at 91."


def test_of_a_shop_photograph_the_brand_is_enough() -> None:
    assert faults([row("shop-photo", **MISSED, brand_similarity=90.0)], 85) == []
    assert faults([row("shop-photo", **MISSED)], 85)[0].kind == "miss"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"right": Comparison("v.png")}, "Nothing was retrieved."),
        (
            {"right": Comparison("v.png", retrieved=("copy", "logo"))},
            "Retrieved by the copy and logo channels, and nothing was verified.",
        ),
        (
            {
                "right": Comparison(
                    "v.png",
                    {"copy": 62.0, "logo": 3.0},
                    {"copy": {"inliers": 7, "patches": 3}},
                    retrieved=("copy",),
                )
            },
            "Retrieved by the copy channel: 7 matched points, similarity 62 by copy.",
        ),
        (
            {"right": Comparison("v.png"), **TAKEN, "other_design": "c"},
            "Nothing was retrieved. The strongest match is c by the logo channel at 91.",
        ),
        (
            {"right": Comparison("v.png"), "reused": True},
            "The same pixels were matched before, so no channel was asked again.",
        ),
        (
            {"refused": "The picture is too thin."},
            "The picture was refused: The picture is too thin.",
        ),
        ({}, "The design was refused at enrolment."),
    ],
)
def test_a_miss_says_how_far_it_came(fields: dict[str, Any], reason: str) -> None:
    assert miss_reason(row("edit-crop", **MISSED, **fields)) == reason


def test_another_product_that_is_on_the_shelf_is_not_mistaken_for_the_missed_one() -> None:
    missed = row("shelf-2", **MISSED, **TAKEN, right=Comparison("v.png"))
    assert miss_reason(missed) == "Nothing was retrieved."
