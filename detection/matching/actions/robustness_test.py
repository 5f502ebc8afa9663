"""Requests robustness tests, and requests them again when the model changes."""

import contextlib

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from brandguard.kernel.queueing import enqueue, enqueue_on_commit
from brandguard.kernel.sweeps import MAX_A_SWEEP, QUEUED_LONG_AGO, each
from detection.matching.models import RobustnessTest
from fingerprints.models import Design, DesignImage

MAX_RENEWED = 2  # a minute after the model changes, so that listings go first
MAX_VIEWS = 6  # each takes some 20 seconds


class NothingToTest(Conflict):
    code = "nothing_to_test"


def ask_for_robustness_test(*, design: Design, by: Person | None) -> RobustnessTest:
    """Restarts a finished test; a running one continues. Raises NothingToTest."""
    if design.retired_at or not views_of(design).exists():
        raise NothingToTest(
            f"{design} has no enrolled view.",
            remedy="Wait until its pictures are enrolled, or register others.",
            field="design",
        )
    with transaction.atomic():
        robustness_test, _ = RobustnessTest.objects.select_for_update().get_or_create(
            design=design, defaults={"asked_at": timezone.now()}
        )
        if robustness_test.done_at:
            start_anew(robustness_test)
        AuditEvent.objects.record("robustness_test.asked", subject=design, by=by)
        enqueue_on_commit(
            "detection.matching.tasks.run_robustness_test", test_id=robustness_test.pk
        )
    return robustness_test


def start_anew(robustness_test: RobustnessTest) -> None:
    robustness_test.results, robustness_test.calibration, robustness_test.matching_version = (
        {},
        "",
        "",
    )
    robustness_test.attempts, robustness_test.sides = 0, None
    robustness_test.asked_at, robustness_test.done_at, robustness_test.leased_until = (
        timezone.now(),
        None,
        None,
    )
    robustness_test.save()


def views_of(design: Design) -> QuerySet[DesignImage]:
    enrolled = design.images.filter(state=DesignImage.State.ENROLLED)
    return enrolled.order_by("position")


def renew_outdated(version: str) -> list[RobustnessTest]:
    """Restarts tests that were run with another model, other channels or another search."""
    outdated = RobustnessTest.objects.filter(done_at__isnull=False, design__retired_at=None)
    rows = list(outdated.exclude(matching_version=version)[:MAX_RENEWED])
    for robustness_test in rows:
        start_anew(robustness_test)
    return rows


def resume_robustness_tests() -> int:
    """Queues tests whose worker was killed or whose message was lost, and tests of another model."""
    from detection.matching.versions import serving_version
    from vision.channels.calibration import NotCalibrated

    now = timezone.now()
    with contextlib.suppress(NotCalibrated):
        renew_outdated(serving_version())
    left = RobustnessTest.objects.abandoned(now).filter(asked_at__lt=now - QUEUED_LONG_AGO)
    numbers = left.values_list("pk", flat=True)[:MAX_A_SWEEP]
    task = "detection.matching.tasks.run_robustness_test"
    return each(numbers, lambda number: enqueue(task, test_id=number))
