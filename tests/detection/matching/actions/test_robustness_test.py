"""What can be tested, and what is tested anew."""

import pytest
from django.utils import timezone

from brandguard.celery import app
from detection.matching.actions import run_robustness_test as run
from detection.matching.actions.robustness_test import NothingToTest, renew_outdated
from detection.matching.actions.run_robustness_test import run_robustness_test
from detection.matching.matcher import Matcher
from detection.matching.models import RobustnessTest
from fingerprints.models import Brand, Design
from tests import factories, matchers
from tests.detection.matching.robustness.scenes import asked
from tests.detection.scenes import BOTTLE
from vision.channels.registry import Channels


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def test_another_model_measures_anew(design: Design) -> None:
    robustness_test = asked(design)
    RobustnessTest.objects.update(
        done_at=timezone.now(), matching_version="earlier", results={"a": {}}
    )
    assert renew_outdated("later") == [robustness_test]
    robustness_test.refresh_from_db()
    assert (robustness_test.results, robustness_test.done_at) == ({}, None)
    assert renew_outdated("later") == []


def test_what_another_channel_would_find_too_is_tested_anew(
    design: Design, matcher: Matcher, things: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "transformed", lambda *_: iter([("edit-jpeg-85", BOTTLE)]))
    robustness_test = asked(design)
    run_robustness_test(robustness_test=robustness_test, matcher=matcher)
    with_channel = matchers.with_channels(matcher, things)
    assert renew_outdated(matcher.version) == []
    assert renew_outdated(with_channel.version) == [robustness_test]


def test_a_design_without_a_view_in_force_has_nothing_to_test(brand: Brand) -> None:
    with pytest.raises(NothingToTest):
        asked(factories.design(brand))
