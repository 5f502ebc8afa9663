"""What is logged of background work, and what is not."""

import logging
from typing import Any

import pytest

from brandguard.celery import app
from brandguard.logs import SWEEPS, FoundSomething


def line(name: str, level: int = logging.INFO, **done: Any) -> logging.LogRecord:
    record = logging.LogRecord("celery.app.trace", level, "", 0, "", None, None)
    record.data = {"name": name, **done}
    return record


@pytest.mark.parametrize(
    ("record", "logged", "rule"),
    [
        (
            line("detection.review.tasks.reassess", return_value="None"),
            False,
            "a sweep found nothing",
        ),
        (line("detection.review.tasks.reassess", return_value="0"), False, "a sweep found nothing"),
        (
            line("detection.review.tasks.reassess", return_value="3"),
            True,
            "a sweep found something",
        ),
        (line("detection.delivery.tasks.deliver", return_value="None"), True, "it is no sweep"),
        (line("detection.review.tasks.reassess", logging.ERROR, exc="…"), True, "a sweep failed"),
        (line("detection.review.tasks.reassess", exc="…"), True, "a sweep is tried again"),
    ],
)
def test_sweeps_that_find_nothing_are_silent(
    record: logging.LogRecord, rule: str, *, logged: bool
) -> None:
    assert FoundSomething().filter(record) is logged, rule


def test_every_scheduled_task_counts_as_a_sweep() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == SWEEPS


@pytest.mark.parametrize("name", ["celery.beat", "celery.worker.strategy", "django.request"])
def test_nothing_is_said_of_every_message_or_refusal(name: str) -> None:
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)
