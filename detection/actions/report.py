"""A missed listing is reported by its brand, and answered by a reviewer."""

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from brandguard.faults import Conflict, Fault
from detection.models import Marketplace, Report
from detection.models.report import answerable_by
from fingerprints.images.intake import NoReadableImage, receive_one
from fingerprints.models import AuditEvent, Brand


class NothingReported(Fault):
    code = "nothing_reported"


class NotYoursToAnswer(Fault):
    code = "not_yours_to_answer"


class AlreadyAnswered(Conflict):
    code = "already_answered"


def report_missed(  # noqa: PLR0913 - what a report is made of
    *,
    brand: Brand,
    marketplace: Marketplace,
    by: User,
    address: str = "",
    picture: File[bytes] | None = None,
    note: str = "",
) -> Report:
    """Raises NothingReported, NoReadableImage."""
    from detection.tasks import examine_report

    if not address and not picture:
        raise NothingReported(
            "There is neither an address nor a picture.",
            remedy="Give the listing's address, or a picture of it.",
            field="address",
        )
    received = receive_one(picture) if picture else None
    if received and received.error:
        raise NoReadableImage([received.error])
    with transaction.atomic():
        report = Report.objects.create(
            brand=brand,
            marketplace=marketplace,
            address=address,
            note=note,
            by=by,
            picture=received.file if received else "",
        )
        AuditEvent.objects.record("report.made", subject=report, by=by, address=address)
        number = str(report.pk)
        transaction.on_commit(lambda: examine_report.delay(report_id=number), robust=True)
    return report


def answer_report(*, report: Report, answer: str, by: User) -> None:
    """Raises NotYoursToAnswer, AlreadyAnswered."""
    with transaction.atomic():
        held = Report.objects.select_for_update().get(pk=report.pk)
        if not Report.objects.filter(answerable_by(by), pk=held.pk).exists():
            raise NotYoursToAnswer(
                "Reports are answered by reviewers, never by the organisation that claims.",
                remedy="Leave it to a reviewer.",
            )
        if held.answer:
            raise AlreadyAnswered(
                "It was answered already.", remedy="Read the answer that stands.", field="answer"
            )
        held.answer, held.answered_by, held.answered_at = answer, by, timezone.now()
        held.save(update_fields=["answer", "answered_by", "answered_at"])
        AuditEvent.objects.record("report.answered", subject=held, by=by, answer=answer)
