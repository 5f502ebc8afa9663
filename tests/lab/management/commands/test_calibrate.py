"""The maps of the lanes are made anew, that of pictures stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError
from lab.calibration.fit import Pair, Truth

from lab.management.commands.calibrate import Command, with_lanes
from tests.fake_encoder import SPEC
from tests.matchers import evidence

PAIRS = [
    Pair("logo-scene-8", 1, evidence(0.2), Truth.RELATED),
    Pair("unrelated-photo", 2, evidence(0.1), Truth.UNRELATED),
    Pair("unrelated-photo", 2, evidence(0.1), Truth.UNRELATED),
]
OLD = {
    "name": "sscd-1-20261101",
    "weights": [1.0, 2.0, 3.0],
    "objects": {"generation": "old"},
    "provenance": {"half": 0},
}


def test_only_the_lanes_change_and_the_name_says_so() -> None:
    made = with_lanes(OLD, {"marks": {"generation": "new"}}, PAIRS)
    assert made["weights"] == OLD["weights"]
    assert "objects" not in made
    assert made["marks"] == {"generation": "new"}
    assert made["name"].startswith("sscd-1-20261101-lanes-2")
    assert made["provenance"]["half"] == 0
    assert made["provenance"]["lanes"]["listings"] == {"logo-scene-8": 1, "unrelated-photo": 1}


def test_made_twice_it_is_named_once() -> None:
    once = with_lanes(OLD, {}, PAIRS)
    assert with_lanes(once, {}, PAIRS)["name"] == once["name"]


def test_without_a_calibration_there_is_nothing_to_leave_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="without --lanes-only"):
        Command().there_is(replace(SPEC, name=tmp_path.name))
