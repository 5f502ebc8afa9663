"""Checks: a marketplace waits for the verdict."""

from itertools import count
from unittest.mock import Mock, patch

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from detection.intake.actions.check import deadline
from detection.intake.models import Listing, ListingImage
from tests import factories
from tests.api import CHECKS, LISTINGS, check, send
from tests.pictures import drawn, encoded


def test_a_stopped_worker_is_answered_pending_in_time(key: str, settings: Settings) -> None:
    settings.CHECK_MILLISECONDS = 100
    answer = send(CHECKS, key, check())
    assert (answer.status_code, answer.json()["verdict"]) == (202, "pending")
    assert send(answer["Location"], key, by="get").json()["state"] == "queued"
    assert Listing.objects.get().answer_owed
    assert not send(LISTINGS, key, by="get").json()["results"]


def test_a_verdict_that_comes_in_time_is_the_answer(key: str) -> None:
    def matched(_: float) -> None:
        Listing.objects.update(state="matched", verdict="hold", matched_at=timezone.now())

    with patch("detection.intake.actions.check.time.sleep", matched):
        answer = send(CHECKS, key, check())
    assert (answer.status_code, answer.json()["verdict"]) == (200, "hold")


def test_a_hold_of_one_picture_is_the_answer_while_others_are_looked_at(key: str) -> None:
    def first_held(_: float) -> None:
        Listing.objects.update(verdict="hold")
        ListingImage.objects.filter(position=0).update(state="embedded", width=1, height=1)

    pictures = [factories.upload(encoded(drawn(seed))) for seed in (1, 2, 3)]
    with patch("detection.intake.actions.check.time.sleep", first_held):
        answer = send(CHECKS, key, check(images=pictures))
    assert (answer.status_code, answer.json()["verdict"]) == (200, "hold")
    assert (answer.json()["state"], answer.json()["pending_images"]) == ("queued", [1, 2])
    assert answer["Location"]
    assert Listing.objects.get().answer_owed  # what the others show is told by an event


def test_what_is_decided_is_told_and_what_is_pending(key: str, settings: Settings) -> None:
    settings.CHECK_MILLISECONDS = 2000  # enough to take the check in, however busy this machine is

    def first_decided(_: float) -> None:
        ListingImage.objects.filter(position=0).update(state="embedded", width=1, height=1)

    pictures = [factories.upload(encoded(drawn(seed))) for seed in (1, 2)]
    with patch("detection.intake.actions.check.time.sleep", first_decided):
        answer = send(CHECKS, key, check(images=pictures))
    assert (answer.status_code, answer.json()["verdict"]) == (202, "pending")
    assert [image["state"] for image in answer.json()["images"]] == ["embedded", "pending"]
    assert answer.json()["pending_images"] == [1]


@pytest.mark.parametrize(("milliseconds", "waited"), [(2000, 1.7), (100, 0.08)])
def test_some_of_the_time_is_kept_for_the_answer_itself(
    milliseconds: int, waited: float, settings: Settings
) -> None:
    settings.CHECK_MILLISECONDS = milliseconds
    assert deadline(10.0) == pytest.approx(10 + waited)


def test_what_came_before_a_check_is_taken_in_counts_too(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From when the request is there: to know the key, and to read the pictures."""
    asked = Mock(return_value=0.0)
    monkeypatch.setattr("detection.review.api.listings.deadline", asked)
    monkeypatch.setattr("brandguard.kernel.requests.time.monotonic", lambda: 77.0)
    assert send(CHECKS, key, check()).status_code == 202
    asked.assert_called_once_with(77.0)


def test_taking_a_check_in_counts_too(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it took is no longer waited for."""
    waited: list[float] = []
    monkeypatch.setattr("detection.intake.actions.check.time.sleep", waited.append)
    clock = count(0.0, 1.5)  # seconds between one look at the clock and the next
    monkeypatch.setattr("detection.intake.actions.check.time.monotonic", lambda: next(clock))
    send(CHECKS, key, check())
    assert waited == [0.02]


def test_feeling_for_the_threshold_is_told_to_wait(key: str) -> None:
    def refused(_: float) -> None:
        reasons = [{"rule": "too_many_similar_checks", "text": "Too many."}]
        Listing.objects.update(state="failed", reasons=reasons)

    with patch("detection.intake.actions.check.time.sleep", refused):
        answer = send(CHECKS, key, check())
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 3600
