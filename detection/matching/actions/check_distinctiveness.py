"""The distinctiveness check: would a new view match too many ordinary listings to be enrolled?

Ordinary listings are drawn pictures, and recent listings in which nothing registered was found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from detection.intake.models import Listing
from detection.intake.models.listing import Verdict
from detection.matching.distinctiveness.drawings import ordinary
from detection.matching.distinctiveness.print_only import print_only
from detection.matching.distinctiveness.share import (
    MIN_LISTED,
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
from vision.pictures.decode import Decoded, UnreadableImage, decode
from vision.pictures.errors import ImageError
from vision.pictures.picture import Picture, pixel_sha256

# Caps the threshold of a brand: the owner may lower it later, after the view is enrolled.
MAX_LENIENT = 85
MAX_SELLERS = 200
NEWEST_LISTINGS = 2000  # where the sellers are taken from
# Matches among the first fifty sellers that make the others worth comparing. A view that a tenth of
# all sellers have gets fewer in 3% of cases.
WORTH_GOING_ON = 2
FEATURES_OF_DRAWINGS: dict[EncoderSpec, dict[int, ImageFeatures]] = {}
NO_PICTURE = Decoded(np.zeros((32, 32, 3), np.uint8), "", "")


@dataclass(frozen=True)
class Trial:
    """Matches listings with a view as if it were enrolled."""

    view: CopyView
    calibration: ChannelCalibration
    threshold: int
    features_version: str  # of the stored pictures that the view is compared with

    def matches(self, features: ImageFeatures) -> bool:
        return similarity(verify_pair(features, self.view), self.calibration) >= self.threshold

    def may_match(self, stored: ImageFeatures) -> bool:
        """Whether stored features alone make it worth decoding the picture."""
        match = verify_pair(stored, self.view)
        enough = match.inliers > self.calibration.parameters["chance_inliers"]
        return enough or match.cosine >= verification.SPEC.alike_as_a_whole


def too_common(
    image: DesignImage,
    picture: Picture,
    descriptions: Mapping[str, ViewDescription],
    encoder: Encoder,
) -> ImageError | None:
    """Why the view must not be enrolled, or None. fingerprints.view_checks calls it.

    What is only print is refused at once: drawn pages have other fonts, so it would not match them. Only the
    copy channel is used: what everybody may have are copies of the view.
    """
    if error := print_only(picture):
        return error
    for forecast in forecasts(image, picture, descriptions[NAME].view, encoder):
        if error := forecast.error:
            return error
    return None


def forecasts(
    image: DesignImage, picture: Picture, view: CopyView, encoder: Encoder
) -> Iterator[Forecast]:
    """Yields the cheapest forecast first; without a calibration only that one, as nothing matches."""
    yield by_glance(picture)
    try:
        calibration = load_calibration(encoder.spec).channels[NAME]
    except NotCalibrated:
        return
    threshold = min(image.design.brand.review_threshold, MAX_LENIENT)
    version = features_version(encoder.spec, spec_of(encoder.spec.windows or encoder.spec.name))
    trial = Trial(view, calibration, threshold, version)
    yield by_match(trial.matches, lambda place: features_of(place, encoder))
    yield in_listings(trial)


def features_of(place: int, encoder: Encoder) -> ImageFeatures:
    """Features of a drawn picture. They cost 0.13 s and 1 MB each, so a worker makes them on demand."""
    known = FEATURES_OF_DRAWINGS.setdefault(encoder.spec, {})
    if place not in known:
        pixels = ordinary(place).picture
        decoded = Decoded(pixels, "", pixel_sha256(pixels))
        known[place] = extract_features(decoded, encoder, load_windows_encoder(encoder.spec))
    return known[place]


def in_listings(trial: Trial) -> Forecast:
    rows = newest_of_each_seller(trial.features_version)
    first, others = rows[:MIN_LISTED], rows[MIN_LISTED:]
    if len(first) < MIN_LISTED:
        return by_listings([], len(first))
    found = list(found_in(first, trial))
    if len(found) < WORTH_GOING_ON:
        return by_listings(found, len(first))
    return by_listings([*found, *found_in(others, trial)], len(rows))


def newest_of_each_seller(version: str) -> list[int]:
    """Returns ids of embeddings of listings in which nothing was found, one listing a seller.

    Held listings are left out: they show that a design is copied, not that it is common.
    """
    allowed = Listing.objects.filter(state=Listing.State.MATCHED, verdict=Verdict.ALLOW)
    newest: dict[tuple[UUID, str], UUID] = {}
    for listing, marketplace, seller in allowed.order_by("-received_at").values_list(
        "pk", "marketplace", "seller_id"
    )[:NEWEST_LISTINGS]:
        newest.setdefault((marketplace, seller), listing)
    chosen = list(newest.values())[:MAX_SELLERS]
    rows = ImageEmbedding.objects.filter(
        image__listing__in=chosen, features_version=version, rendition=0
    )
    by_listing = dict(rows.order_by("-image__position").values_list("image__listing", "pk"))
    return [by_listing[listing] for listing in chosen if listing in by_listing]


def found_in(rows: Sequence[int], trial: Trial) -> Iterator[Vectors]:
    """Yields the whole-picture vector of each picture that matches."""
    for row in ImageEmbedding.objects.filter(pk__in=rows).select_related("image").iterator(20):
        if not trial.may_match(as_features(row, NO_PICTURE)):
            continue
        features = features_with_pixels(row)
        if features and trial.matches(features):
            yield features.vectors[0]


def features_with_pixels(row: ImageEmbedding) -> ImageFeatures | None:
    """None when the picture is gone: a lost file of another owner must not hold up the view."""
    try:
        return as_features(row, decode(read_stored(row.image.file)))
    except (FileLost, UnreadableImage):
        return None
