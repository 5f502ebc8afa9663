"""Whether a new view would be found in too many listings to be enrolled.

It is compared with ordinary listings: drawn ones, and what the marketplaces sent of late and was
found to show nothing registered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from detection.intake.models import Listing
from detection.intake.models.listing import Verdict
from detection.matching.distinctiveness.drawings import ordinary
from detection.matching.distinctiveness.share import (
    FEWEST_LISTED,
    Forecast,
    by_glance,
    by_listings,
    by_match,
)
from detection.matching.models import ImageEmbedding
from detection.matching.reuse import as_features
from detection.matching.versions import features_version
from fingerprints.models import DesignImage
from fingerprints.pictures.stored import FileLost, read_stored
from vision.channels.calibration import ChannelCalibration, NotCalibrated, load_calibration
from vision.channels.channel import ViewDescription
from vision.channels.copy import NAME, verification
from vision.channels.copy.strength import similarity
from vision.channels.copy.verification import verify_pair
from vision.channels.copy.view import CopyView
from vision.channels.image_features import ImageFeatures, extract_features
from vision.encoders.base import Encoder, EncoderSpec, Vectors
from vision.encoders.catalogue import load_windows_encoder, spec_of
from vision.pictures.decode import Decoded, Picture, UnreadableImage, decode, pixel_sha256
from vision.pictures.errors import ImageError

# Of a brand with a higher threshold too: it may be lowered later, when the view is long enrolled.
MAX_LENIENT = 85
MAX_SELLERS = 200
AMONG = 2000  # of the newest listings these sellers are
# Matches with the first fifty sellers. A view that a tenth of all have has fewer in 3% of cases.
WORTH_GOING_ON = 2
OBSERVED: dict[EncoderSpec, dict[int, ImageFeatures]] = {}
UNSEEN = Decoded(np.zeros((32, 32, 3), np.uint8), "", "")


@dataclass(frozen=True)
class Trial:
    """A view as it would match once it is enrolled."""

    view: CopyView
    calibration: ChannelCalibration
    threshold: int
    features_version: str  # of the stored pictures that it is compared with

    def matches(self, seen: ImageFeatures) -> bool:
        return similarity(verify_pair(seen, self.view), self.calibration) >= self.threshold

    def may_match(self, unseen: ImageFeatures) -> bool:
        """By what was stored, before the picture itself is decoded."""
        match = verify_pair(unseen, self.view)
        enough = match.inliers > self.calibration.parameters["chance_inliers"]
        return enough or match.cosine >= verification.SPEC.alike_as_a_whole


def too_common(
    image: DesignImage,
    picture: Picture,
    descriptions: Mapping[str, ViewDescription],
    encoder: Encoder,
) -> ImageError | None:
    """As fingerprints.view_checks asks it. By copies of the view: they are what everybody may have."""
    for forecast in forecasts(image, picture, descriptions[NAME].view, encoder):
        if error := forecast.error:
            return error
    return None


def forecasts(
    image: DesignImage, picture: Picture, view: CopyView, encoder: Encoder
) -> Iterator[Forecast]:
    """The cheapest first. An encoder without a calibration matches nothing, so there is no more."""
    yield by_glance(picture)
    try:
        calibration = load_calibration(encoder.spec).channels[NAME]
    except NotCalibrated:
        return
    threshold = min(image.design.brand.review_threshold, MAX_LENIENT)
    version = features_version(encoder.spec, spec_of(encoder.spec.windows or encoder.spec.name))
    trial = Trial(view, calibration, threshold, version)
    yield by_match(trial.matches, lambda place: observed(place, encoder))
    yield in_listings(trial)


def observed(place: int, encoder: Encoder) -> ImageFeatures:
    """0.13 s and 1 MB each, so a worker makes and keeps only those that it was asked for."""
    known = OBSERVED.setdefault(encoder.spec, {})
    if place not in known:
        pixels = ordinary(place).picture
        decoded = Decoded(pixels, "", pixel_sha256(pixels))
        known[place] = extract_features(decoded, encoder, load_windows_encoder(encoder.spec))
    return known[place]


def in_listings(trial: Trial) -> Forecast:
    rows = newest_of_each_seller(trial.features_version)
    first, others = rows[:FEWEST_LISTED], rows[FEWEST_LISTED:]
    if len(first) < FEWEST_LISTED:
        return by_listings([], len(first))
    found = list(found_in(first, trial))
    if len(found) < WORTH_GOING_ON:
        return by_listings(found, len(first))
    return by_listings([*found, *found_in(others, trial)], len(rows))


def newest_of_each_seller(version: str) -> list[int]:
    """Embeddings of listings in which nothing was found: what is held already says that a design is
    copied, not that it is common.
    """
    found = Listing.objects.filter(state=Listing.State.MATCHED, verdict=Verdict.ALLOW)
    newest: dict[tuple[UUID, str], UUID] = {}
    for listing, marketplace, seller in found.order_by("-received_at").values_list(
        "pk", "marketplace", "seller_id"
    )[:AMONG]:
        newest.setdefault((marketplace, seller), listing)
    chosen = list(newest.values())[:MAX_SELLERS]
    rows = ImageEmbedding.objects.filter(
        image__listing__in=chosen, features_version=version, rendition=0
    )
    by_listing = dict(rows.order_by("-image__position").values_list("image__listing", "pk"))
    return [by_listing[listing] for listing in chosen if listing in by_listing]


def found_in(rows: Sequence[int], trial: Trial) -> Iterator[Vectors]:
    """Vectors of the whole pictures that match."""
    for row in ImageEmbedding.objects.filter(pk__in=rows).select_related("image").iterator(20):
        if not trial.may_match(as_features(row, UNSEEN)):
            continue
        seen = again(row)
        if seen and trial.matches(seen):
            yield seen.vectors[0]


def again(row: ImageEmbedding) -> ImageFeatures | None:
    """None when the picture is not there any more: the view waits for no other's file."""
    try:
        return as_features(row, decode(read_stored(row.image.file)))
    except (FileLost, UnreadableImage):
        return None
