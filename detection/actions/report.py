"""A missed listing is reported, examined by a worker, and answered by a reviewer."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from brandguard.faults import Conflict, Fault
from detection.actions.match import Matcher
from detection.matching.evidence import find
from detection.matching.observation import observe
from detection.models import Listing, Marketplace, Match, Report
from detection.models.report import answerable_by
from fingerprints.images.decode import UnreadableImage, decode, preview
from fingerprints.images.intake import NoReadableImage, receive_one
from fingerprints.models import AuditEvent, Brand, DesignImage

LEASE = timedelta(seconds=180)


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


def examine_report(*, report: Report, matcher: Matcher) -> None:
    """Doing it again finds the same."""
    if not report.begin(timezone.now(), LEASE):
        return
    report.listing = listing_reported(report)
    if report.listing:
        examine_listing(report, report.listing)
    elif report.picture:
        examine_picture(report, matcher)
    else:
        report.finding = Report.Finding.NOT_SENT
    report.leased_until = None
    report.save()


def listing_reported(report: Report) -> Listing | None:
    if not report.address:
        return None
    plain = report.address.rstrip("/")
    same = Q(address=plain) | Q(address=f"{plain}/")
    known = Listing.objects.published().filter(same, marketplace=report.marketplace_id)
    return known.order_by("-received_at").first()


def examine_listing(report: Report, listing: Listing) -> None:
    mine = Match.objects.filter(listing_image__listing=listing, view__design__brand=report.brand_id)
    best = mine.best_first().first()
    report.similarity = best.similarity if best else None
    report.view_id = best.view_id if best else None
    if listing.alerts.filter(brand=report.brand_id).exists():
        report.finding = Report.Finding.ALERTED
    else:
        report.finding = finding_of(report)


def examine_picture(report: Report, matcher: Matcher) -> None:
    with report.picture.open() as file:
        data = file.read()
    try:
        decoded = decode(data)
    except UnreadableImage:
        report.finding = Report.Finding.UNREADABLE
        return
    shown: ContentFile[bytes] = preview(decoded.pixels)
    report.preview = shown
    seen = observe(decoded, matcher.encoder, matcher.quick)
    found = {view.image: evidence for view, evidence in find(seen, matcher.catalogue)}
    own = DesignImage.objects.filter(pk__in=found, design__brand=report.brand_id)
    scored = [(matcher.calibration.similarity(found[view.pk]), view) for view in own]
    if scored:
        similarity, report.view = max(scored, key=lambda one: one[0])
        report.similarity = round(similarity, 1)
    report.finding = finding_of(report)


def finding_of(report: Report) -> Report.Finding:
    if report.similarity is None:
        return Report.Finding.NOT_FOUND
    reaches = report.similarity >= report.brand.review_threshold
    return Report.Finding.REACHES if reaches else Report.Finding.BELOW


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
