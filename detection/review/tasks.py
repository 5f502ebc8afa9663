"""Tasks of the review slice; brandguard/celery.py has the queues, limits and schedule."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from brandguard.kernel.queueing import RetriedTask
from detection.review.models import Report


@shared_task
def apply_decisions(**_: Any) -> int:
    from detection.review.actions.decide import apply_decisions as apply_all

    return apply_all()


@shared_task
def release_overdue_appeals(**_: Any) -> int:
    from detection.review.actions.appeal import release_overdue_appeals as release

    return release()


@shared_task
def reassess(**_: Any) -> int:
    from detection.review.actions.reassess import reassess_brands

    return reassess_brands()


@shared_task
def reassess_incomplete(**_: Any) -> int:
    from detection.review.actions.reassess import reassess_incomplete as reassess_all

    return reassess_all()


@shared_task(base=RetriedTask)
def examine_report(*, report_id: str, **_: Any) -> None:
    from detection.matching.matcher import this_process_matcher
    from detection.review.actions.examine_report import examine_report as examine

    report = Report.objects.awaiting_examination(timezone.now()).filter(pk=report_id).first()
    if report:
        examine(report=report, matcher=this_process_matcher())


@shared_task
def resume_reports(**_: Any) -> int:
    from detection.review.actions.report import resume_reports as resume

    return resume()
