"""A design tested by the service itself, through the same search as a listing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from brandguard.celery import app
from brandguard.kernel.lease import MAX_ATTEMPTS
from detection.matching.actions import run_robustness_test as run
from detection.matching.actions.run_robustness_test import run_robustness_test
from detection.matching.matcher import Matcher
from detection.matching.models import RobustnessTest
from fingerprints.models import Brand, Design
from tests import factories
from tests.detection.matching.robustness.scenes import asked
from tests.detection.scenes import BOTTLE


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def test_every_view_is_tested_and_most_transforms_are_found(
    design: Design, matcher: Matcher
) -> None:
    robustness_test = asked(design)
    assert run_robustness_test(robustness_test=robustness_test, matcher=matcher)
    robustness_test.refresh_from_db()
    (results,) = robustness_test.results.values()
    assert len(results) > 30
    assert results["edit-jpeg-85"] >= 97
    assert sum(value >= 85 for value in results.values()) > len(results) / 2
    assert robustness_test.done_at
    assert robustness_test.sides == 1
    assert robustness_test.calibration == matcher.calibration.name
    assert robustness_test.matching_version == matcher.version
    assert AuditEvent.objects.filter(action="robustness_test.asked").count() == 1


def test_another_designs_view_is_no_find(
    design: Design, brand: Brand, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.design(brand, "Another")
    monkeypatch.setattr(run, "transformed", lambda *_: iter([("edit-jpeg-85", BOTTLE)]))
    view = design.images.get()
    assert run.results_of(view, matcher) == {"edit-jpeg-85": 100.0}
    assert run.similarity(BOTTLE, other.pk, matcher) == 0.0


def test_two_workers_do_not_test_at_once(design: Design, matcher: Matcher) -> None:
    robustness_test = asked(design)
    robustness_test.begin(timezone.now(), run.LEASE)
    assert run_robustness_test(robustness_test=robustness_test, matcher=matcher)
    robustness_test.refresh_from_db()
    assert not robustness_test.done_at


def test_long_work_goes_on_in_another_task(
    design: Design, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    robustness_test = asked(design)
    monkeypatch.setattr(run, "MAX_SECONDS", -1.0)
    assert not run_robustness_test(robustness_test=robustness_test, matcher=matcher)
    assert list(RobustnessTest.objects.abandoned(timezone.now())) == [robustness_test]


def test_a_view_that_ends_its_workers_is_passed_over(
    design: Design, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    robustness_test = asked(design)
    monkeypatch.setattr(run, "LEASE", timedelta(0))
    monkeypatch.setattr(run, "transformed", failing(MemoryError()))
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(MemoryError):
            run_robustness_test(robustness_test=robustness_test, matcher=matcher)
    assert run_robustness_test(robustness_test=robustness_test, matcher=matcher)
    robustness_test.refresh_from_db()
    assert robustness_test.done_at
    assert robustness_test.results == {str(design.images.get().pk): {}}


def test_a_transient_failure_counts_against_no_view(
    design: Design, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    robustness_test = asked(design)
    monkeypatch.setattr(run, "transformed", failing(ConnectionError()))
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(ConnectionError):
            run_robustness_test(robustness_test=robustness_test, matcher=matcher)
    robustness_test.refresh_from_db()
    assert (robustness_test.attempts, robustness_test.leased_until) == (0, None)


def failing(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail
