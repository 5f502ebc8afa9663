"""The registered views as the database and this process's index know them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

import numpy as np

from detection.matching.evidence import View, ViewClaim
from fingerprints.encoders.base import Vectors
from fingerprints.geometry.features import LocalFeatures
from fingerprints.images.decode import from_png
from fingerprints.index.base import Hit
from fingerprints.index.live import LiveIndex
from fingerprints.models import DesignImage, Fingerprint


class DatabaseCatalogue:
    """Index hits become rows through the database, so that what was retired never shows."""

    def __init__(self, index: LiveIndex) -> None:
        self.index = index

    def search(self, vectors: Vectors, k: int) -> list[list[Hit]]:
        return self.index.search(vectors, k=k)

    def near(self, perceptual_hash: int, within: int) -> list[int]:
        return self.index.near(perceptual_hash, within=within)

    def identical(self, pixel_sha256: str) -> list[UUID]:
        views = DesignImage.objects.filter(
            pixel_sha256=pixel_sha256,
            state=DesignImage.State.ENROLLED,
            design__retired_at=None,
            fingerprints__generation=self.index.generation,
        )
        return list(views.distinct().values_list("pk", flat=True))

    def claims_of(self, fingerprints: Iterable[int]) -> dict[int, ViewClaim]:
        numbers = list(fingerprints)
        rows = Fingerprint.objects.searchable().filter(pk__in=numbers)
        found = {
            number: ViewClaim(view, brand, verified_at is not None)
            for number, view, brand, verified_at in rows.values_list(
                "pk",
                "image_id",
                "image__design__brand_id",
                "image__design__brand__organisation__verified_at",
            )
        }
        return {number: found[number] for number in numbers if number in found}

    def views(self, images: Sequence[UUID]) -> list[View]:
        found = (view(image, self.index.generation) for image in images)
        return [one for one in found if one]


class NotThere(LookupError):
    """Deleted meanwhile. Raised, so that it is not remembered as an answer would be."""


@lru_cache(maxsize=2000)
def known_view(image: UUID, generation: str) -> View:
    """What was enrolled of a view never changes; 2,000 are about 200 MB."""
    rows = {
        row.variant: row for row in Fingerprint.objects.filter(image=image, generation=generation)
    }
    if len(rows) < len(Fingerprint.Variant):
        raise NotThere(image)
    original, inverted = rows[Fingerprint.Variant.ORIGINAL], rows[Fingerprint.Variant.INVERTED]
    return View(
        image,
        as_vector(original),
        as_vector(inverted),
        LocalFeatures.from_bytes(bytes(original.features)),
        from_png(bytes(original.thumbnail)),
    )


def view(image: UUID, generation: str) -> View | None:
    try:
        return known_view(image, generation)
    except NotThere:
        return None


def as_vector(row: Fingerprint) -> Vectors:
    return np.frombuffer(row.vector, "<f4").astype(np.float32)
