"""A design tested by the service itself, through the same search as a listing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from brandguard.celery import app
from brandguard.kernel.lease import MAX_ATTEMPTS
from detection.matching.actions import run_robustness_test as run
from detection.matching.actions.robustness_test import (
    NothingToTest,
    ask_for_robustness_test,
    renew_outdated,
)
from detection.matching.actions.run_robustness_test import run_robustness_test
from detection.matching.matcher import Matcher
from detection.matching.models import RobustnessTest
from fingerprints.models import Brand, Design
from tests import factories, matchers
from tests.detection.scenes import BOTTLE
from tests.matchers import enrolled
from vision.channels.registry import Channels


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


@pytest.fixture
def design(brand: Brand) -> Design:
    enrolled(brand, BOTTLE)
    return Design.objects.get()


def asked(design: Design) -> RobustnessTest:
    return ask_for_robustness_test(design=design, by=None)


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
    monkeypatch.setattr(run, "FOR", -1.0)
    assert not run_robustness_test(robustness_test=robustness_test, matcher=matcher)
    assert list(RobustnessTest.objects.abandoned(timezone.now())) == [robustness_test]


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


def test_a_design_without_a_view_in_force_has_nothing_to_test(brand: Brand) -> None:
    with pytest.raises(NothingToTest):
        asked(factories.design(brand))


def test_the_page_shows_progress_then_the_chart_and_what_to_add(
    design: Design, as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    page = reverse("robustness", args=[design.pk])
    assert "Not measured yet" in as_bob.get(page).text
    under_way = as_alice.post(reverse("measure-robustness", args=[design.pk]), follow=True).text
    assert "0 of 1 views tested" in under_way
    again = as_alice.get(page, {"done": 0}, headers={"HX-Request": "true"})
    assert again.status_code == 204
    results = {"edit-crop-60": 90.0, "edit-crop-35": 20.0, "side-left-35": 10.0}
    RobustnessTest.objects.update(
        done_at=timezone.now(),
        results={str(design.images.get().pk): results, "gone": {"edit-crop-60": 0.0}},
    )
    text = as_alice.get(page).text
    assert "add a picture from the left" in text
    assert "1 of 2" in text
    assert as_charlie.get(page).status_code == 404
    assert as_charlie.post(reverse("measure-robustness", args=[design.pk])).status_code == 404
