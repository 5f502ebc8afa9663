"""Which parts of a calibration are made, and which stay."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError

from lab.calibration.measure import Measured
from lab.management.commands.calibrate import Command, as_row, check_only, fit, with_channels
from tests.fake_encoder import SPEC, OfShapes, OfThings
from tests.matchers import COPY_BY_HAND, calibration, channels, evidence
from tests.vision.channels.labelled import pairs
from tests.vision.channels.scenes import LOGOS, OBJECTS
from vision.channels.background import NO_BACKGROUND
from vision.channels.copy import NAME as COPY
from vision.channels.fitting import Pair, Truth
from vision.channels.logo import NAME as LOGO
from vision.channels.object import NAME as OBJECT
from vision.channels.registry import Channels

PAIRS = [
    Pair("logo-scene-8", 1, evidence(0.2).findings, Truth.RELATED),
    Pair("unrelated-photo", 2, evidence(0.1).findings, Truth.UNRELATED),
    Pair("unrelated-photo", 2, evidence(0.1).findings, Truth.UNRELATED),
]
MADE_ON = "2026-11-25"
OLD = replace(calibration(object=OBJECTS), name="sscd-1-20261101", provenance={"half": 0})


# --- only channels that may be off ----------------------------------------------------------------
def test_only_other_channels_change_and_the_name_says_so() -> None:
    fitted = {COPY: replace(COPY_BY_HAND, weights=(9.0, 9.0, 9.0)), LOGO: LOGOS}
    made = with_channels(OLD, fitted, PAIRS, MADE_ON)
    assert made.channels == {COPY: COPY_BY_HAND, LOGO: LOGOS}
    assert made.name == "sscd-1-20261101-channels-20261125"
    assert made.provenance["half"] == 0
    measured = made.provenance["channels"]
    assert measured["listings"] == {"logo-scene-8": 1, "unrelated-photo": 1}


def test_one_channel_alone_changes_and_its_pairs_are_told() -> None:
    made = with_channels(OLD, {LOGO: LOGOS}, PAIRS, MADE_ON, only=LOGO)
    assert made.channels == {**OLD.channels, LOGO: LOGOS}
    assert made.name == OLD.name
    assert made.provenance[LOGO]["listings"] == {"logo-scene-8": 1, "unrelated-photo": 1}


def test_a_channel_to_fit_alone_is_one_that_is_on() -> None:
    for name in ("", COPY, OBJECT):
        check_only(ALL, name)
    with pytest.raises(CommandError, match="another: that is no channel that is on"):
        check_only(ALL, "another")


def test_made_twice_it_is_named_once() -> None:
    once = with_channels(OLD, {}, PAIRS, MADE_ON)
    assert with_channels(once, {}, PAIRS, MADE_ON).name == once.name


def test_without_a_calibration_there_is_nothing_to_leave_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="without --channels-only"):
        Command().there_is(replace(SPEC, name=tmp_path.name))


# --- every channel fits its own -------------------------------------------------------------------
def fitted(of: Channels, measured: list[Pair], only: str = "") -> set[str]:
    """Thirty views are enrolled in each channel."""
    enrolled = Counter(dict.fromkeys(of, 30))
    return set(fit(of, Measured(NO_BACKGROUND, 30, enrolled, {}, measured), only))


ALL = channels(OfThings(), OfShapes())
WITHOUT_COPY = {name: channel for name, channel in ALL.items() if name != COPY}


def test_a_channel_that_is_off_has_no_part() -> None:
    assert fitted(WITHOUT_COPY, pairs()) == {OBJECT, LOGO}
    assert fitted({OBJECT: ALL[OBJECT]}, pairs()) == {OBJECT}
    assert fitted({}, pairs()) == set()


def test_one_channel_is_fitted_alone() -> None:
    assert fitted(WITHOUT_COPY, pairs(), OBJECT) == {OBJECT}


def test_a_channel_of_which_too_little_was_seen_has_no_part() -> None:
    assert fitted(WITHOUT_COPY, pairs(of=19)) == set()


def test_what_cannot_be_fitted_is_named_by_its_channel() -> None:
    with pytest.raises(CommandError, match="The channel copy cannot be fitted: The folder has no"):
        fitted(ALL, pairs())


def test_a_measured_pair_is_written_with_what_each_channel_found() -> None:
    row = as_row(pairs()[0], ALL)
    assert (row["family"], row["truth"]) == ("turntable-30", "related")
    assert set(row["channels"]) == {COPY, OBJECT}
    assert set(row["channels"][OBJECT]) >= {"likeness", "cosine", "points", "colours"}
