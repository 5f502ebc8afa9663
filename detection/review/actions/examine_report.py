"""Matches a reported listing or picture in a worker, to find out why it raised no alert."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from brandguard.kernel.lease import MAX_ATTEMPTS
from brandguard.kernel.transient import is_transient
from detection.intake.models import Listing, ListingImage
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.matching.models.match import KEPT_FROM
from detection.matching.one_picture import strongest_of
from detection.review.models import Report
from fingerprints.models import DesignImage
from fingerprints.pictures.stored import FileLost, preview_file, read_stored
from vision.pictures.decode import Decoded, UnreadableImage
from vision.pictures.renditions import renditions_in

LEASE = timedelta(seconds=180)  # longer than the time limit of the task


def examine_report(*, report: Report, matcher: Matcher) -> None:
    """Stores the finding on the report. Counts the attempt: after MAX_ATTEMPTS the finding is GAVE_UP."""
    matcher.register.catch_up()  # can take longer than the lease
    if not report.begin(timezone.now(), LEASE):
        return
    try:
        if report.attempts >= MAX_ATTEMPTS:
            report.finding = Report.Finding.GAVE_UP
        else:
            examine(report, matcher)
    except Exception as error:
        if is_transient(error):
            report.release()
        raise
    report.leased_until, report.attempts = None, 0
    report.save()


def examine(report: Report, matcher: Matcher) -> None:
    report.listing = reported_listing(report)
    if report.listing:
        examine_listing(report, report.listing, matcher)
    elif report.picture:
        examine_picture(report, matcher)
    else:
        report.finding = Report.Finding.NOT_SENT


def reported_listing(report: Report) -> Listing | None:
    if not report.url:
        return None
    plain = report.url.rstrip("/")
    same = Q(url=plain) | Q(url=f"{plain}/")
    listings = Listing.objects.published().filter(same, marketplace=report.marketplace_id)
    return listings.order_by("-received_at").first()


def examine_listing(report: Report, listing: Listing, matcher: Matcher) -> None:
    matches = Match.objects.filter(
        listing_image__listing=listing, view__design__brand=report.brand_id
    )
    best = matches.best_first().first()
    report.similarity = best.similarity if best else None
    report.view_id = best.view_id if best else None
    for image in images_to_match_again(listing, matcher):
        match_again(report, image, matcher)
    if listing.alerts.filter(brand=report.brand_id).exists():
        report.finding = Report.Finding.ALERTED
    else:
        report.finding = finding_of(report)


def images_to_match_again(listing: Listing, matcher: Matcher) -> Iterator[ListingImage]:
    """Yields pictures that were matched with another model, or while a channel was off."""
    embeddings = ImageEmbedding.objects.filter(image__listing=listing, rendition=0).select_related(
        "image"
    )
    for row in embeddings.exclude(matching_version__startswith=f"{matcher.version} "):
        yield row.image


def match_again(report: Report, image: ListingImage, matcher: Matcher) -> None:
    """Matches the picture as of now; the stored result stays if the file is lost or unreadable."""
    with suppress(FileLost, UnreadableImage):
        for rendition in renditions_in(read_stored(image.file)):
            note_strongest(report, rendition.decoded, matcher)


def examine_picture(report: Report, matcher: Matcher) -> None:
    try:
        renditions = renditions_in(read_stored(report.picture))
    except FileLost:
        report.finding = Report.Finding.LOST
        return
    except UnreadableImage:
        report.finding = Report.Finding.UNREADABLE
        return
    report.preview = preview_file(renditions.first.pixels)
    for rendition in renditions:
        note_strongest(report, rendition.decoded, matcher)
    report.finding = finding_of(report)


def note_strongest(report: Report, decoded: Decoded, matcher: Matcher) -> None:
    """Stores the strongest match on the report if a listing would keep it and it exceeds the stored one."""
    own = DesignImage.objects.filter(design__brand=report.brand_id)
    strongest = strongest_of(own, decoded, matcher)
    if strongest and strongest[0] >= max(KEPT_FROM, report.similarity or 0):
        report.similarity, report.view = round(strongest[0], 1), strongest[1]


def finding_of(report: Report) -> Report.Finding:
    if report.similarity is None:
        return Report.Finding.NOT_FOUND
    reaches = report.similarity >= report.brand.review_threshold
    return Report.Finding.REACHES if reaches else Report.Finding.BELOW
