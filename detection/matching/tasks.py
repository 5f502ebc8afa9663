"""Tasks of a few lines over actions; brandguard/celery.py has queues, limits and the schedule."""

import logging
import sys
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init

from brandguard.kernel.queueing import (
    MATCH_HARD_LIMIT,
    MATCH_SOFT_LIMIT,
    RetriedTask,
    enqueue,
)
from detection.intake.models import Listing
from detection.matching.models import RobustnessTest

logger = logging.getLogger(__name__)


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Loads everything into the worker of checks before the first check comes."""
    if not any(word.startswith("--hostname=checker@") for word in sys.argv):
        return
    from detection.matching.matcher import this_process_matcher

    try:
        this_process_matcher().register.catch_up()
    except Exception:  # the first check fails the same way; it is no reason to end a worker
        logger.exception("The matcher could not be loaded in advance.")


@shared_task(base=RetriedTask, soft_time_limit=MATCH_SOFT_LIMIT, time_limit=MATCH_HARD_LIMIT)
def match_listing(*, listing_id: str, **_: Any) -> None:
    from detection.matching.actions.begin_matching import begin_matching

    listing = Listing.objects.awaiting_match().filter(pk=listing_id).first()
    if listing:
        begin_matching(listing=listing)


@shared_task(base=RetriedTask)
def run_robustness_test(*, test_id: int, **_: Any) -> None:
    from detection.matching.actions.run_robustness_test import run_robustness_test
    from detection.matching.matcher import this_process_matcher

    robustness_test = RobustnessTest.objects.unfinished().filter(pk=test_id).first()
    if robustness_test and not run_robustness_test(
        robustness_test=robustness_test, matcher=this_process_matcher()
    ):
        enqueue("detection.matching.tasks.run_robustness_test", test_id=test_id)


@shared_task
def resume_robustness_tests(**_: Any) -> int:
    from detection.matching.actions.robustness_test import resume_robustness_tests as resume

    return resume()
