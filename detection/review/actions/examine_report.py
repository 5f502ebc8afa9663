"""A reported listing or picture is matched by a worker, to tell why there was no alert."""

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

LEASE = timedelta(seconds=180)  # longer than a task may take


def examine_report(*, report: Report, matcher: Matcher) -> None:
    """Doing it again finds the same. Counts the attempt: one on which several workers ended is told so."""
    matcher.register.catch_up()  # it may take longer than the lease
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
    report.listing = listing_reported(report)
    if report.listing:
        examine_listing(report, report.listing, matcher)
    elif report.picture:
        examine_picture(report, matcher)
    else:
        report.finding = Report.Finding.NOT_SENT


def listing_reported(report: Report) -> Listing | None:
    if not report.url:
        return None
    plain = report.url.rstrip("/")
    same = Q(url=plain) | Q(url=f"{plain}/")
    known = Listing.objects.published().filter(same, marketplace=report.marketplace_id)
    return known.order_by("-received_at").first()


def examine_listing(report: Report, listing: Listing, matcher: Matcher) -> None:
    mine = Match.objects.filter(listing_image__listing=listing, view__design__brand=report.brand_id)
    best = mine.best_first().first()
    report.similarity = best.similarity if best else None
    report.view_id = best.view_id if best else None
    for image in matched_otherwise(listing, matcher):
        rendition_again(report, image, matcher)
    if listing.alerts.filter(brand=report.brand_id).exists():
        report.finding = Report.Finding.ALERTED
    else:
        report.finding = finding_of(report)


def matched_otherwise(listing: Listing, matcher: Matcher) -> Iterator[ListingImage]:
    """Pictures that were matched with another model, or while a channel was off."""
    made = ImageEmbedding.objects.filter(image__listing=listing, rendition=0).select_related(
        "image"
    )
    for row in made.exclude(matching_version__startswith=f"{matcher.version} "):
        yield row.image


def rendition_again(report: Report, image: ListingImage, matcher: Matcher) -> None:
    """As it would be matched now; what was kept stands where the file is gone."""
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
    """As with a listing: less than what is kept is no more than a candidate."""
    own = DesignImage.objects.filter(design__brand=report.brand_id)
    found = strongest_of(own, decoded, matcher)
    if found and found[0] >= max(KEPT_FROM, report.similarity or 0):
        report.similarity, report.view = round(found[0], 1), found[1]


def finding_of(report: Report) -> Report.Finding:
    if report.similarity is None:
        return Report.Finding.NOT_FOUND
    reaches = report.similarity >= report.brand.review_threshold
    return Report.Finding.REACHES if reaches else Report.Finding.BELOW
