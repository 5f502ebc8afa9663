"""Brand owners report missed listings; reviewers answer."""

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent, Marketplace
from brandguard.kernel.errors import Conflict, DomainError
from brandguard.kernel.queueing import enqueue, enqueue_on_commit
from brandguard.kernel.sweeps import MAX_A_SWEEP, QUEUED_LONG_AGO, each
from detection.review.models import Report
from detection.review.models.report import answerable_by
from fingerprints.models import Brand
from fingerprints.pictures.received import NoReadableImage, receive_one


class NothingReported(DomainError):
    code = "nothing_reported"


class NotYoursToAnswer(DomainError):
    code = "not_yours_to_answer"


class AlreadyAnswered(Conflict):
    code = "already_answered"


def report_missed(  # noqa: PLR0913 - the fields of a report
    *,
    brand: Brand,
    marketplace: Marketplace,
    by: User,
    url: str = "",
    picture: File[bytes] | None = None,
    note: str = "",
) -> Report:
    """Stores a report and queues its examination. Raises NothingReported, NoReadableImage."""
    if not url and not picture:
        raise NothingReported(
            "The report has neither a URL nor a picture.",
            remedy="Send the listing's URL or a picture of it.",
            field="url",
        )
    received = receive_one(picture) if picture else None
    if received and received.error:
        raise NoReadableImage([received.error])
    with transaction.atomic():
        report = Report.objects.create(
            brand=brand,
            marketplace=marketplace,
            url=url,
            note=note,
            by=by,
            picture=received.file if received else "",
        )
        AuditEvent.objects.record("report.made", subject=report, by=by, url=url)
        enqueue_on_commit("detection.review.tasks.examine_report", report_id=str(report.pk))
    return report


def answer_report(*, report: Report, answer: str, by: User) -> None:
    """Stores a reviewer's answer. Raises NotYoursToAnswer, AlreadyAnswered."""
    with transaction.atomic():
        held = Report.objects.select_for_update().get(pk=report.pk)
        if not Report.objects.filter(answerable_by(by), pk=held.pk).exists():
            raise NotYoursToAnswer(
                "Reviewers answer reports, never the organisation that claims.",
                remedy="Leave it to a reviewer.",
            )
        if held.answer:
            raise AlreadyAnswered(
                "The report is answered.", remedy="Read the answer.", field="answer"
            )
        held.answer, held.answered_by, held.answered_at = answer, by, timezone.now()
        held.save(update_fields=["answer", "answered_by", "answered_at"])
        AuditEvent.objects.record("report.answered", subject=held, by=by, answer=answer)


def resume_reports() -> int:
    """Queues reports again whose worker was killed or whose message was lost; returns their number."""
    now = timezone.now()
    waiting = Report.objects.awaiting_examination(now).filter(at__lt=now - QUEUED_LONG_AGO)
    numbers = waiting.values_list("pk", flat=True)[:MAX_A_SWEEP]
    task = "detection.review.tasks.examine_report"
    return each(numbers, lambda number: enqueue(task, report_id=str(number)))
