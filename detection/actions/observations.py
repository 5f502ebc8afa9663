"""Observations that were made before, from what was stored of them."""

import numpy as np
from django.core.files.base import ContentFile
from django.db.models import QuerySet

from detection.matching.observation import Observation
from detection.matching.regions import Region
from detection.models import ImageEmbedding, ListingImage, Match
from fingerprints.geometry.features import LocalFeatures
from fingerprints.images.decode import Decoded
from fingerprints.images.resize import fit


def remembered(decoded: Decoded, version: str) -> Observation | None:
    """What was made of these very pixels: the same picture sent again is not embedded again."""
    row = of_pixels(decoded.pixel_sha256).filter(observation_version=version).first()
    return as_observation(row, decoded) if row else None


def find_reusable(pixel_sha256: str, version: str) -> ImageEmbedding | None:
    """Where the very same pixels were matched by the same and with what is registered now: then nothing
    is left to work out.
    """
    return of_pixels(pixel_sha256).filter(matching_version=version).first()


def of_pixels(pixel_sha256: str) -> QuerySet[ImageEmbedding]:
    rows = ImageEmbedding.objects.filter(image__pixel_sha256=pixel_sha256)
    return rows.select_related("image")


def reuse(result: ImageEmbedding, image: ListingImage, shown: ContentFile[bytes]) -> None:
    """All that was made of the same pixels in another listing."""
    other = result.image
    image.state, image.error = ListingImage.State.EMBEDDED, None
    image.width, image.height = other.width, other.height
    image.pixel_sha256, image.perceptual_hash = other.pixel_sha256, other.perceptual_hash
    image.preview = shown
    image.save()
    Match.objects.bulk_create(copied(match, image) for match in other.matches.all())
    result.pk, result.image = None, image
    result._state.adding = True  # noqa: SLF001 - Django's own way to copy a row
    result.save()


def copied(match: Match, image: ListingImage) -> Match:
    match.pk, match.listing_image = None, image
    match._state.adding = True  # noqa: SLF001 - Django's own way to copy a row
    match.reproduction = match.reproduction | {"picture_sha256": image.sha256}
    return match


def as_observation(row: ImageEmbedding, decoded: Decoded) -> Observation:
    vectors = np.frombuffer(row.vectors, "<f4").reshape(len(row.regions), -1)
    return Observation(
        decoded.pixel_sha256,
        row.image.perceptual_hash or 0,
        tuple(Region(*sides) for sides in row.regions),
        vectors.astype(np.float32),
        LocalFeatures.from_bytes(bytes(row.features)),
        fit(decoded.pixels),
    )
