"""Reuse of stored features and results for pictures with the same pixels."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import QuerySet

from detection.intake.models import ListingImage, Rendition
from detection.matching.models import ImageEmbedding, Match
from vision.channels.image_features import ImageFeatures
from vision.geometry.features import LocalFeatures
from vision.geometry.regions import Region
from vision.pictures.decode import Decoded
from vision.pictures.resize import fit


def remembered(decoded: Decoded, version: str) -> ImageFeatures | None:
    """Returns the stored features of the same pixels, so that no picture is embedded twice."""
    row = of_pixels(decoded.pixel_sha256).filter(features_version=version).first()
    return as_features(row, decoded) if row else None


def find_reusable(pixel_sha256: str, version: str) -> ImageEmbedding | None:
    """Returns a result of the same pixels and the same matching version, which includes the state of the
    register: nothing is left to compute.
    """
    return of_pixels(pixel_sha256).filter(matching_version=version).first()


def of_pixels(pixel_sha256: str) -> QuerySet[ImageEmbedding]:
    rows = ImageEmbedding.objects.filter(image__pixel_sha256=pixel_sha256)
    return rows.select_related("image")


def reuse(
    result: ImageEmbedding, image: ListingImage, previews: Sequence[ContentFile[bytes]]
) -> None:
    """Copies everything stored for the same pixels in another listing."""
    other = result.image
    image.state, image.error = ListingImage.State.EMBEDDED, None
    image.width, image.height = other.width, other.height
    image.pixel_sha256, image.perceptual_hash = other.pixel_sha256, other.perceptual_hash
    image.preview = previews[0]
    image.save()
    renditions: dict[UUID | None, Rendition] = {}
    for rendition, shown in zip(other.renditions.order_by("number"), previews, strict=False):
        renditions[rendition.pk] = another(rendition, image=image, preview=shown)
        renditions[rendition.pk].save()
    Match.objects.bulk_create(
        copied(match, image, renditions.get(match.rendition_id)) for match in other.matches.all()
    )
    same_version = other.embeddings.filter(matching_version=result.matching_version)
    ImageEmbedding.objects.bulk_create(another(row, image=image) for row in same_version)


def copied(match: Match, image: ListingImage, rendition: Rendition | None) -> Match:
    reproduction = match.reproduction | {"picture_sha256": image.sha256}
    return another(match, listing_image=image, rendition=rendition, reproduction=reproduction)


def another[Row: models.Model](row: Row, **changed: Any) -> Row:
    """Returns an unsaved copy."""
    same = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001 - Django's own documented API
        if not field.primary_key
    }
    copy = type(row)(**same)
    for name, value in changed.items():
        setattr(copy, name, value)
    return copy


def as_features(row: ImageEmbedding, decoded: Decoded) -> ImageFeatures:
    vectors = np.frombuffer(row.vectors, "<f4").reshape(len(row.regions), -1)
    return ImageFeatures(
        decoded.pixel_sha256,
        row.image.perceptual_hash or 0,
        tuple(Region(*sides) for sides in row.regions),
        vectors.astype(np.float32),
        LocalFeatures.from_bytes(bytes(row.features)),
        fit(decoded.pixels),
    )
