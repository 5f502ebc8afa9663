"""A reported listing or picture is matched by a worker, to tell why there was no alert."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from detection.actions.look import strongest_of
from detection.actions.match import Matcher
from detection.models import Listing, Match, Report
from detection.models.match import KEPT_FROM
from fingerprints.images.decode import UnreadableImage, decode, preview
from fingerprints.models import DesignImage

LEASE = timedelta(seconds=180)  # longer than a task may take


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
    report.preview = preview(decoded.pixels)
    own = DesignImage.objects.filter(design__brand=report.brand_id)
    found = strongest_of(own, decoded, matcher)
    if found and found[0] >= KEPT_FROM:  # as with a listing: less is no more than a candidate
        report.similarity, report.view = round(found[0], 1), found[1]
    report.finding = finding_of(report)


def finding_of(report: Report) -> Report.Finding:
    if report.similarity is None:
        return Report.Finding.NOT_FOUND
    reaches = report.similarity >= report.brand.review_threshold
    return Report.Finding.REACHES if reaches else Report.Finding.BELOW
