"""A listing's pictures against what is registered: picture by picture the work, then a transaction.

Any number of workers may do this to one listing, and be killed at any moment: of each picture only the
first to reach the transaction writes, the rows of all others would be the same; what is written stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.core.files.base import ContentFile
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
from detection.intake.models import Rendition as RenditionRow
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.matching.models.match import KEPT_FROM
from detection.matching.reuse import find_reusable, remembered, reuse
from detection.matching.signals import pictures_matched
from fingerprints.index.live import heartbeat
from fingerprints.models import DesignImage, IndexChange
from fingerprints.pictures.stored import FileLost, preview_file, read_stored
from vision.channels.channel import Lane
from vision.channels.evidence import Evidence, View, find
from vision.channels.explanation import (
    Edit,
    appearance_in,
    laid_by,
    lane_evidence,
    polygons,
    recovered,
    recovered_of_mark,
    region_in,
)
from vision.channels.image_features import ImageFeatures, extract_features
from vision.channels.match_kind import match_kind
from vision.channels.similarity import Calibration
from vision.encoders.generation import generation_of
from vision.geometry import features
from vision.pictures.decode import UnreadableImage
from vision.pictures.errors import ImageError, as_error
from vision.pictures.in_part import not_looked_at
from vision.pictures.renditions import Rendition, renditions_in, without_pixels
from vision.stages import stage

# A picture takes half a second; a worker that is silent for this long is taken for dead.
LEASE = timedelta(seconds=20)
GAVE_UP: ImageError = {
    "code": "gave_up",
    "message": gettext_noop("The picture could not be matched in several attempts."),
    "remedy": gettext_noop("Send it again as PNG or JPEG, or ask the operator."),
}
TOO_MANY = "Too many checks of nearly the same pictures by one seller within an hour."


@dataclass(frozen=True)
class Seen:
    """What was made of one look, and found in it."""

    rendition: Rendition
    size: tuple[int, int]  # width, height
    seen: ImageFeatures
    found: tuple[tuple[View, Evidence], ...]


@dataclass(frozen=True)
class Outcome:
    """One picture's result: what was seen and found in each of its looks, or why it was refused. `version`
    is what it was matched by, and when; `reusable` the result of the same pixels that was made by the
    very same. `previews` are of its looks.
    """

    image: ListingImage
    pixel_sha256: str = ""
    warnings: tuple[ImageError, ...] = ()
    previews: tuple[ContentFile[bytes], ...] = ()
    renditions: tuple[Seen, ...] = ()
    version: str = ""
    reusable: ImageEmbedding | None = None
    error: ImageError | None = None


def match_listing(*, listing: Listing, matcher: Matcher) -> None:
    """Does nothing while another worker is at it. A transient failure leaves what is done, and frees the
    listing.
    """
    matcher.catalogue.catch_up()  # it may take longer than the lease
    if not listing.begin(timezone.now(), LEASE):
        return

    def renew_lease() -> None:
        listing.renew(timezone.now(), LEASE)

    try:
        with heartbeat(renew_lease):  # while the index follows what is enrolled meanwhile
            for image in listing.images.filter(state=ListingImage.State.PENDING):
                match_image(image, matcher, renew_lease)
        counted(listing, conclude)
    except Exception as error:
        if is_transient(error):
            listing.release()
        raise


def match_image(image: ListingImage, matcher: Matcher, renew_lease: Callable[[], None]) -> None:
    """Counts the attempt: a picture on which several workers ended is refused, and the others of
    its listing are matched. Only what is done to this picture counts, not that the index catches up.
    """
    matcher.catalogue.catch_up()
    renew_lease()
    if image.attempts >= MAX_ATTEMPTS:
        keep(Outcome(image, error=GAVE_UP), matcher)
        return
    image.note_attempts(image.attempts + 1)
    try:
        keep(observed(image, matcher, renew_lease), matcher)
    except Exception as error:
        if is_transient(error):
            image.note_attempts(image.attempts)
        raise


def observed(image: ListingImage, matcher: Matcher, renew_lease: Callable[[], None]) -> Outcome:
    try:
        return match_renditions(image, matcher, renew_lease)
    except (FileLost, UnreadableImage) as fault:
        return Outcome(image, error=as_error(fault))


def match_renditions(
    image: ListingImage, matcher: Matcher, renew_lease: Callable[[], None]
) -> Outcome:
    """Raises FileLost, UnreadableImage."""
    data = read_stored(image.file)
    with stage("decode"):
        renditions = renditions_in(data)
    version = present_version(matcher)
    reusable = find_reusable(renditions.pixel_sha256, version)
    previews, made = [], []
    for rendition in renditions:
        previews.append(preview_file(rendition.decoded.pixels))
        if reusable is None:
            renew_lease()  # each takes as long as a picture
            made.append(match_rendition(rendition, matcher))
    return Outcome(
        image,
        pixel_sha256=renditions.pixel_sha256,
        warnings=tuple(not_looked_at(renditions)),
        previews=tuple(previews),
        renditions=tuple(made),
        version=version,
        reusable=reusable,
    )


def match_rendition(rendition: Rendition, matcher: Matcher) -> Seen:
    seen = remembered(rendition.decoded, matcher.features_version)
    seen = seen or extract_features(rendition.decoded, matcher.encoder, matcher.quick)
    height, width = rendition.decoded.pixels.shape[:2]
    found = tuple(find(seen, matcher.catalogue, matcher.lanes))
    return Seen(without_pixels(rendition), (width, height), seen, found)


def present_version(matcher: Matcher) -> str:
    """How is matched, and the journal's number: the highest of all generations that are searched, as
    they share one count. Read before the search, so that a design enrolled meanwhile makes it a thing
    of the past.
    """
    searched = {matcher.calibration.generation, *matcher.channels}
    latest = IndexChange.objects.filter(generation__in=searched)
    return f"{matcher.version} {latest.aggregate(most=Max('number'))['most'] or 0}"


def keep(outcome: Outcome, matcher: Matcher) -> None:
    """Nothing where another worker was faster."""
    with transaction.atomic():
        waiting = Listing.objects.select_for_update().awaiting_match()
        listing = waiting.filter(pk=outcome.image.listing_id).first()
        undecided = ListingImage.objects.filter(
            pk=outcome.image.pk, state=ListingImage.State.PENDING
        )
        if listing and undecided.exists():
            keep_outcome(outcome, matcher)
            if listing.purpose == Listing.Purpose.CHECK and not outcome.error:
                answer_early(listing)


def keep_outcome(outcome: Outcome, matcher: Matcher) -> None:
    image = outcome.image
    image.attempts = 0
    image.warnings = list(outcome.warnings)
    if outcome.reusable:
        reuse(outcome.reusable, image, outcome.previews)
        return
    image.error = outcome.error
    image.state = ListingImage.State.REFUSED
    if outcome.renditions:
        first = outcome.renditions[0]
        image.state = ListingImage.State.EMBEDDED
        image.width, image.height = first.size
        image.pixel_sha256 = outcome.pixel_sha256
        image.perceptual_hash = richest(outcome.renditions).seen.perceptual_hash
        image.preview = outcome.previews[0]
    image.save()
    if outcome.renditions:
        rows = keep_renditions(outcome)
        ImageEmbedding.objects.bulk_create(embeddings_of(outcome, matcher))
        Match.objects.bulk_create(kept_matches(outcome, rows, matcher))


def richest(renditions: Sequence[Seen]) -> Seen:
    """Plain ones are all alike: a white mark on white says nothing of the mark."""
    return max(renditions, key=lambda one: float(one.seen.picture.std()))


def keep_renditions(outcome: Outcome) -> list[RenditionRow | None]:
    """A row for each, where there are several."""
    if len(outcome.renditions) == 1:
        return [None]
    return [
        RenditionRow.objects.create(
            image=outcome.image,
            number=number,
            frame=one.rendition.frame.number,
            milliseconds=one.rendition.frame.begins,
            ground=one.rendition.ground,
            width=one.size[0],
            height=one.size[1],
            pixel_sha256=one.seen.pixel_sha256,
            perceptual_hash=one.seen.perceptual_hash,
            preview=shown,
        )
        for number, (one, shown) in enumerate(
            zip(outcome.renditions, outcome.previews, strict=True)
        )
    ]


def embeddings_of(outcome: Outcome, matcher: Matcher) -> list[ImageEmbedding]:
    return [
        ImageEmbedding(
            image=outcome.image,
            rendition=number,
            generation=generation_of(matcher.encoder.spec),
            features_version=matcher.features_version,
            matching_version=outcome.version,
            regions=[[r.left, r.top, r.width, r.height] for r in one.seen.regions],
            vectors=one.seen.vectors.astype("<f4").tobytes(),
            features=one.seen.features.to_bytes(),
        )
        for number, one in enumerate(outcome.renditions)
    ]


def kept_matches(
    outcome: Outcome, rows: Sequence[RenditionRow | None], matcher: Matcher
) -> list[Match]:
    """Of each view the strongest of all looks."""
    best: dict[UUID, Scored] = {}
    for row, one in zip(rows, outcome.renditions, strict=True):
        for view, evidence in one.found:
            similarity = matcher.calibration.similarity(evidence)
            known = best.get(view.image)
            if similarity >= KEPT_FROM and (known is None or similarity > known.similarity):
                best[view.image] = Scored(view, evidence, similarity, one.seen, row)
    stored = DesignImage.objects.filter(pk__in=list(best))
    hashes = dict(stored.values_list("pk", "sha256"))
    matches = [
        as_match(outcome.image, scored, matcher.calibration)
        for number, scored in best.items()
        if number in hashes  # not deleted meanwhile
    ]
    for match in matches:
        match.reproduction = reproduction(outcome.image, hashes[match.view_id], matcher)
    return matches


@dataclass(frozen=True)
class Scored:
    view: View
    evidence: Evidence
    similarity: float
    seen: ImageFeatures
    rendition: RenditionRow | None


def as_match(image: ListingImage, scored: Scored, calibration: Calibration) -> Match:
    view, evidence = scored.view, scored.evidence
    lane = calibration.lane_of(evidence)
    confirmed = calibration.confirms(evidence)
    on_listing, on_view = polygons(evidence, lane, confirmed=confirmed)
    shown = laid_by(evidence, lane) if confirmed or lane == Lane.MARK else None
    edit = Edit()
    if lane == Lane.MARK:
        edit = recovered_of_mark(scored.seen, view, evidence)
    elif shown is not None:
        edit = recovered(scored.seen, view, evidence)
    return Match(
        lane=lane,
        lanes=lane_evidence(evidence),
        listing_image=image,
        rendition=scored.rendition,
        view_id=view.image,
        similarity=scored.similarity,
        match_kind=match_kind(evidence, calibration),
        variant=appearance_in(evidence, lane),
        cosine=evidence.cosine,
        inliers=evidence.inliers,
        agreement=asdict(evidence.agreement),
        edit=asdict(edit),
        region=list(asdict(region_in(evidence, lane)).values()),
        homography=None if shown is None else shown.round(9).tolist(),
        listing_polygon=on_listing,
        view_polygon=on_view,
    )


def reproduction(image: ListingImage, view_sha256: str, matcher: Matcher) -> dict[str, object]:
    """All that made the number."""
    spec, windows = matcher.encoder.spec, matcher.quick.spec
    return {
        "picture_sha256": image.sha256,
        "view_sha256": view_sha256,
        "encoder": {"name": spec.name, "version": spec.version, "sha256": spec.weights_sha256},
        "windows": {"name": windows.name, "version": windows.version, "sha256": windows.identity},
        "geometry": features.VERSION,
        "calibration": matcher.calibration.name,
        "background": matcher.calibration.background,
        "generation": matcher.calibration.generation,
        "lanes": [
            {"name": lane.spec.name, "version": lane.spec.version, "sha256": lane.spec.identity}
            for lane in (matcher.lanes.objects, matcher.lanes.marks)
            if lane
        ],
        "libraries": matcher.libraries,
    }


def answer_early(listing: Listing) -> None:
    """Who waits is told of a hold or a block as soon as any picture has led to it."""
    if too_many_alike(listing):
        refuse_check(listing)
    else:
        pictures_matched.send(Listing, listing=listing, complete=False)


def conclude(listing: Listing) -> None:
    """Once all its pictures are decided."""
    with transaction.atomic():
        waiting = Listing.objects.select_for_update().awaiting_match().filter(pk=listing.pk)
        row = waiting.first()
        if row and not row.images.filter(state=ListingImage.State.PENDING).exists():
            decide(row)


def decide(listing: Listing) -> None:
    """From matches to alerts and a verdict; without a readable picture there is none."""
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
