"""Matches a listing's pictures with the register, one picture and one transaction at a time.

Several workers may match the same listing, and any of them may be killed at any moment. For each
picture only the first worker to reach the transaction writes; the others would write the same rows.
"""

import math
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from brandguard.kernel.lease import MAX_ATTEMPTS
from brandguard.kernel.transient import is_transient
from detection.intake.actions.attempts import counted
from detection.intake.actions.check import too_many_alike
from detection.intake.actions.fail import NO_PICTURE, answer_check, fail_listing
from detection.intake.models import Listing, ListingImage
from detection.matching.matcher import Matcher
from detection.matching.results import ImageResult, MatchedRendition, store
from detection.matching.reuse import find_reusable, remembered
from detection.matching.signals import pictures_matched
from fingerprints.index.live import heartbeat
from fingerprints.models import IndexChange
from fingerprints.pictures.stored import FileLost, preview_file, read_stored
from vision.channels.image_features import extract_features
from vision.channels.matching import match_image
from vision.pictures.decode import UnreadableImage
from vision.pictures.errors import ImageError, as_error
from vision.pictures.in_part import not_looked_at
from vision.pictures.parts import is_long
from vision.pictures.renditions import Rendition, renditions_in, without_pixels
from vision.stages import stage

# A picture takes half a second; a worker that is silent for this long is presumed dead.
LEASE = timedelta(seconds=20)
GAVE_UP: ImageError = {
    "code": "gave_up",
    "message": gettext_noop("The picture could not be matched in several attempts."),
    "remedy": gettext_noop("Send it again as PNG or JPEG, or ask the operator."),
}
TOO_MANY = "Too many checks of nearly the same pictures by one seller within an hour."


def match_listing(*, listing: Listing, matcher: Matcher, seconds: float = math.inf) -> bool:
    """Returns False if pictures are left: after this many seconds none is begun but the first. Does nothing
    while another worker holds the listing. A transient failure releases the listing and keeps the pictures that are done.
    """
    matcher.register.catch_up()  # it may take longer than the lease
    until = time.monotonic() + seconds
    if not listing.begin(timezone.now(), LEASE):
        return True

    def renew_lease() -> None:
        listing.renew(timezone.now(), LEASE)

    try:
        with heartbeat(renew_lease):  # keeps the lease while the index catches up
            pending = short_first(listing)
            for done, image in enumerate(pending, 1):
                match_picture(image, matcher, renew_lease)
                if done < len(pending) and time.monotonic() > until:
                    listing.release()
                    return False
        counted(listing, complete)
    except Exception as error:
        if is_transient(error):
            listing.release()
        raise
    return True


def short_first(listing: Listing) -> list[ListingImage]:
    """Returns the pending pictures, long ones last: each takes as long as many others, and a check is answered
    as soon as one picture leads to a hold.
    """
    pending = listing.images.filter(state=ListingImage.State.PENDING).order_by("position")
    return sorted(pending, key=lambda image: is_long(image.width or 1, image.height or 1))


def match_picture(image: ListingImage, matcher: Matcher, renew_lease: Callable[[], None]) -> None:
    """Counts the attempt: a picture that ended several workers is refused, and the listing's other
    pictures are matched. Catching up the index does not count as an attempt.
    """
    matcher.register.catch_up()
    renew_lease()
    if image.attempts >= MAX_ATTEMPTS:
        keep(ImageResult(image, error=GAVE_UP), matcher)
        return
    image.note_attempts(image.attempts + 1)
    try:
        keep(result_of(image, matcher, renew_lease), matcher)
    except Exception as error:
        if is_transient(error):
            image.note_attempts(image.attempts)
        raise


def result_of(
    image: ListingImage, matcher: Matcher, renew_lease: Callable[[], None]
) -> ImageResult:
    try:
        return match_renditions(image, matcher, renew_lease)
    except (FileLost, UnreadableImage) as error:
        return ImageResult(image, error=as_error(error))


def match_renditions(
    image: ListingImage, matcher: Matcher, renew_lease: Callable[[], None]
) -> ImageResult:
    """Raises FileLost, UnreadableImage."""
    data = read_stored(image.file)
    with stage("decode"):
        renditions = renditions_in(data)
    version = present_version(matcher)
    reusable = find_reusable(renditions.pixel_sha256, version)
    previews, matched, parts = [], [], []
    for rendition in renditions:
        parts += [rendition.part] if rendition.part else []
        previews.append(preview_file(rendition.decoded.pixels))
        if reusable is None:
            renew_lease()  # each rendition takes as long as a picture
            matched.append(match_rendition(rendition, matcher))
    return ImageResult(
        image,
        pixel_sha256=renditions.pixel_sha256,
        warnings=tuple(not_looked_at(renditions, parts)),
        previews=tuple(previews),
        renditions=tuple(matched),
        version=version,
        reusable=reusable,
    )


def match_rendition(rendition: Rendition, matcher: Matcher) -> MatchedRendition:
    features = remembered(rendition.decoded, matcher.features_version)
    features = features or extract_features(rendition.decoded, matcher.encoder, matcher.quick)
    height, width = rendition.decoded.pixels.shape[:2]
    found = tuple(match_image(features, matcher.register, matcher.channels))
    return MatchedRendition(without_pixels(rendition), (width, height), features, found)


def present_version(matcher: Matcher) -> str:
    """Returns the matching version and the highest change number of the generations searched (they
    share one count). It is read before the search, so that a design enrolled meanwhile outdates it.
    """
    latest = IndexChange.objects.filter(generation__in=matcher.generations.values())
    return f"{matcher.version} {latest.aggregate(most=Max('number'))['most'] or 0}"


def keep(result: ImageResult, matcher: Matcher) -> None:
    """Stores the result, unless another worker has already stored one."""
    with transaction.atomic():
        waiting = Listing.objects.select_for_update().awaiting_match()
        listing = waiting.filter(pk=result.image.listing_id).first()
        undecided = ListingImage.objects.filter(
            pk=result.image.pk, state=ListingImage.State.PENDING
        )
        if listing and undecided.exists():
            store(result, matcher)
            if listing.purpose == Listing.Purpose.CHECK and not result.error:
                answer_early(listing)


def answer_early(listing: Listing) -> None:
    """Answers the waiting check as soon as one picture has led to a hold or a block."""
    if too_many_alike(listing):
        refuse_check(listing)
    else:
        pictures_matched.send(Listing, listing=listing, complete=False)


def complete(listing: Listing) -> None:
    """Decides the listing once none of its pictures is pending."""
    with transaction.atomic():
        waiting = Listing.objects.select_for_update().awaiting_match().filter(pk=listing.pk)
        row = waiting.first()
        if row and not row.images.filter(state=ListingImage.State.PENDING).exists():
            decide(row)


def decide(listing: Listing) -> None:
    """Turns matches into alerts and a verdict; a listing without a readable picture fails."""
    if not listing.images.filter(state=ListingImage.State.EMBEDDED).exists():
        fail_listing(listing, rule="no_readable_picture", text=NO_PICTURE)
        return
    if too_many_alike(listing):
        refuse_check(listing)
        return
    listing.leased_until, listing.attempts = None, 0
    listing.state = Listing.State.MATCHED
    listing.matched_at = timezone.now()
    pictures_matched.send(Listing, listing=listing, complete=True)
    answer_check(listing)


def refuse_check(listing: Listing) -> None:
    rule = "too_many_similar_checks"
    fail_listing(listing, rule=rule, text=TOO_MANY, action="check.refused")
