"""A listing's pictures against what is registered: picture by picture the work, then a transaction.

Any number of workers may do this to one listing, and be killed at any moment: of each picture only the
first to reach the transaction writes, the rows of all others would be the same; what is written stays.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cached_property

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from brandguard.transient import is_transient
from detection.actions.check import too_many_alike
from detection.actions.fail import answer_check, fail_listing
from detection.actions.observations import find_reusable, remembered, reuse
from detection.actions.settle import settle_early, settle_listing
from detection.matching.evidence import Catalogue, Evidence, View, find
from detection.matching.explanation import (
    Edit,
    appearance_in,
    laid_by,
    lane_evidence,
    polygons,
    recovered,
    recovered_of_mark,
    region_in,
)
from detection.matching.lane import Lane
from detection.matching.match_kind import match_kind
from detection.matching.observation import Observation, observe
from detection.matching.similarity import Calibration
from detection.matching.stages import stage
from detection.matching.versions import matching_version, observation_version
from detection.models import ImageEmbedding, Listing, ListingImage, Match
from detection.models.lease import MOST_ATTEMPTS
from detection.models.match import KEPT_FROM
from fingerprints.encoders.base import Encoder
from fingerprints.encoders.generation import generation_of
from fingerprints.encoders.lanes import NO_LANES, Lanes
from fingerprints.geometry import features
from fingerprints.images.decode import UnreadableImage, decode, preview
from fingerprints.images.errors import ImageError, as_error
from fingerprints.images.in_part import not_looked_at
from fingerprints.images.stored import FileLost, read_stored
from fingerprints.index.live import telling
from fingerprints.models import DesignImage, IndexChange

# A picture takes half a second; a worker that is silent for this long is taken for dead.
LEASE = timedelta(seconds=20)
GAVE_UP: ImageError = {
    "code": "gave_up",
    "message": gettext_noop("The picture could not be matched in several attempts."),
    "remedy": gettext_noop("Send it again as PNG or JPEG, or ask the operator."),
}
TOO_MANY = "Too many checks of nearly the same pictures by one seller within an hour."
NO_PICTURE = "None of the pictures can be read: send the listing again with readable ones."


@dataclass(frozen=True)
class Matcher:
    """What one worker process matches with."""

    encoder: Encoder
    quick: Encoder  # of the same embedding space, for windows
    catalogue: Catalogue
    calibration: Calibration
    libraries: dict[str, str]
    lanes: Lanes = NO_LANES

    @cached_property
    def observation_version(self) -> str:
        return observation_version(self.encoder.spec, self.quick.spec)

    @cached_property
    def version(self) -> str:
        return matching_version(self.observation_version, self.calibration, self.channels)

    @property
    def channels(self) -> set[str]:
        """Generations of those that are on beside that of pictures."""
        return {self.lanes.objects_generation, self.lanes.marks_generation} - {""}


@dataclass(frozen=True)
class Outcome:
    """One picture's result: what was seen and found, or why it was refused. `version` is what it was
    matched by, and when; `reusable` the result of the same pixels that was made by the very same.
    """

    image: ListingImage
    size: tuple[int, int] = (0, 0)  # width, height
    warnings: tuple[ImageError, ...] = ()
    preview: ContentFile[bytes] | None = None
    seen: Observation | None = None
    found: tuple[tuple[View, Evidence], ...] = ()
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
        with telling(renew_lease):  # while the index follows what is enrolled meanwhile
            for image in listing.images.filter(state=ListingImage.State.PENDING):
                match_image(image, matcher, renew_lease)
        conclude(listing)
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
    if image.attempts >= MOST_ATTEMPTS:
        keep(Outcome(image, error=GAVE_UP), matcher)
        return
    image.note_attempts(image.attempts + 1)
    try:
        keep(observed(image, matcher), matcher)
    except Exception as error:
        if is_transient(error):
            image.note_attempts(image.attempts)
        raise


def observed(image: ListingImage, matcher: Matcher) -> Outcome:
    try:
        data = read_stored(image.file)
        with stage("decode"):
            decoded = decode(data)
    except (FileLost, UnreadableImage) as fault:
        return Outcome(image, error=as_error(fault))
    version = present_version(matcher)
    shown = preview(decoded.pixels)
    if reusable := find_reusable(decoded.pixel_sha256, version):
        return Outcome(
            image,
            warnings=tuple(not_looked_at(decoded)),
            preview=shown,
            version=version,
            reusable=reusable,
        )
    seen = remembered(decoded, matcher.observation_version)
    seen = seen or observe(decoded, matcher.encoder, matcher.quick)
    return Outcome(
        image,
        size=(decoded.pixels.shape[1], decoded.pixels.shape[0]),
        warnings=tuple(not_looked_at(decoded)),
        preview=shown,
        seen=seen,
        found=tuple(find(seen, matcher.catalogue, matcher.lanes)),
        version=version,
    )


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
            if listing.purpose == Listing.Purpose.CHECK:
                answer_early(listing)


def keep_outcome(outcome: Outcome, matcher: Matcher) -> None:
    image = outcome.image
    image.attempts = 0
    image.warnings = list(outcome.warnings)
    if outcome.reusable and outcome.preview:
        reuse(outcome.reusable, image, outcome.preview)
        return
    image.error = outcome.error
    image.state = ListingImage.State.REFUSED
    if outcome.seen and outcome.preview:
        image.state = ListingImage.State.EMBEDDED
        image.width, image.height = outcome.size
        image.pixel_sha256 = outcome.seen.pixel_sha256
        image.perceptual_hash = outcome.seen.perceptual_hash
        image.preview = outcome.preview
    image.save()
    if outcome.seen:
        keep_embedding(image, outcome, matcher)
        Match.objects.bulk_create(kept_matches(outcome, matcher))


def keep_embedding(image: ListingImage, outcome: Outcome, matcher: Matcher) -> None:
    seen = outcome.seen
    assert seen  # noqa: S101 - the caller looked
    ImageEmbedding.objects.create(
        image=image,
        generation=generation_of(matcher.encoder.spec),
        observation_version=matcher.observation_version,
        matching_version=outcome.version,
        regions=[[r.left, r.top, r.width, r.height] for r in seen.regions],
        vectors=seen.vectors.astype("<f4").tobytes(),
        features=seen.features.to_bytes(),
    )


def kept_matches(outcome: Outcome, matcher: Matcher) -> list[Match]:
    scored = [
        (view, evidence, matcher.calibration.similarity(evidence))
        for view, evidence in outcome.found
    ]
    kept = [one for one in scored if one[2] >= KEPT_FROM]
    stored = DesignImage.objects.filter(pk__in=[view.image for view, _, _ in kept])
    hashes = dict(stored.values_list("pk", "sha256"))
    matches = [
        as_match(outcome, view, evidence, similarity, matcher.calibration)
        for view, evidence, similarity in kept
        if view.image in hashes  # not deleted meanwhile
    ]
    for match in matches:
        match.reproduction = reproduction(outcome.image, hashes[match.view_id], matcher)
    return matches


def as_match(
    outcome: Outcome,
    view: View,
    evidence: Evidence,
    similarity: float,
    calibration: Calibration,
) -> Match:
    lane = calibration.lane_of(evidence)
    confirmed = calibration.confirms(evidence)
    on_listing, on_view = polygons(evidence, lane, confirmed=confirmed)
    shown = laid_by(evidence, lane) if confirmed or lane == Lane.MARK else None
    edit = Edit()
    if outcome.seen and lane == Lane.MARK:
        edit = recovered_of_mark(outcome.seen, view, evidence)
    elif outcome.seen and shown is not None:
        edit = recovered(outcome.seen, view, evidence)
    return Match(
        lane=lane,
        lanes=lane_evidence(evidence),
        listing_image=outcome.image,
        view_id=view.image,
        similarity=similarity,
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
        settle_early(listing=listing)


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
    listing.leased_until = None
    listing.state = Listing.State.MATCHED
    listing.matched_at = timezone.now()
    settle_listing(listing=listing)
    answer_check(listing)


def refuse_check(listing: Listing) -> None:
    rule = "too_many_similar_checks"
    fail_listing(listing, rule=rule, text=TOO_MANY, action="check.refused")
