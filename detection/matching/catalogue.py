"""The registered views as the database and this process's index know them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

import numpy as np

from fingerprints.index.live import LiveIndex
from fingerprints.models import DesignImage, Fingerprint
from vision.channels.background import Background
from vision.channels.encoders import NO_LANES, Lanes
from vision.channels.evidence import View, ViewClaim
from vision.encoders.base import Vectors
from vision.geometry.codes import BITS, Codes
from vision.geometry.features import LocalFeatures
from vision.geometry.marks import shape_of
from vision.index.base import Hit
from vision.pictures.decode import from_png

# What was enrolled of a view never changes.
VIEWS_KEPT = 1_000  # about 200 KB each
CODES_KEPT = 10_000  # 6.4 KB each
SOLIDS_KEPT = 10_000  # 5 KB each
NO_CODES = np.empty((0, BITS // 8), np.uint8)  # of a view deleted meanwhile


class NotThere(LookupError):
    """Deleted meanwhile. Raised, so that it is not remembered as an answer would be."""


class DatabaseCatalogue:
    """Index hits become rows through the database, so that what was retired never shows."""

    def __init__(
        self,
        index: LiveIndex,
        background: Background,
        lanes: Lanes = NO_LANES,
        marks: LiveIndex | None = None,
    ) -> None:
        self.index = index
        self.marks = marks
        self.lanes = lanes
        self.background = background
        self._view = lru_cache(maxsize=VIEWS_KEPT)(self._from_database)
        self._codes: dict[UUID, Codes] = {}
        self._solids: dict[UUID, Vectors] = {}

    def catch_up(self) -> None:
        for index in (self.index, self.marks):
            if index:
                index.catch_up()

    def search(self, vectors: Vectors, k: int, of_a_brand: int) -> list[list[Hit]]:
        return self.index.search(vectors, k=k, of_a_brand=of_a_brand)

    def search_marks(
        self, vectors: Vectors, k: int, of_a_brand: int, at_least: float
    ) -> list[list[Hit]]:
        if not self.marks:
            return [[] for _ in vectors]
        return self.marks.search(vectors, k=k, of_a_brand=of_a_brand, at_least=at_least)

    def has_marks(self) -> bool:
        return self.marks is not None and len(self.marks.state().index) > 0

    def mirrored(self, fingerprints: Iterable[int]) -> set[int]:
        rows = Fingerprint.objects.filter(
            pk__in=list(fingerprints), variant=Fingerprint.Variant.MIRRORED
        )
        return set(rows.values_list("pk", flat=True))

    def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
        return self.index.near(perceptual_hash, within=within, most=most, of_a_brand=of_a_brand)

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

    def codes(self, images: Sequence[UUID]) -> list[Codes]:
        known = self._codes
        missing = [image for image in images if image not in known]
        if len(known) + len(missing) > CODES_KEPT:
            known, missing = {}, list(images)
            self._codes = known  # a new one: another thread may read the old
        rows = Fingerprint.objects.filter(
            image__in=missing,
            generation=self.index.generation,
            variant=Fingerprint.Variant.ORIGINAL,
        )
        for image, stored in rows.values_list("image_id", "codes"):
            known[image] = np.frombuffer(stored, np.uint8).reshape(-1, BITS // 8)
        return [known.get(image, NO_CODES) for image in images]

    def solids(self, images: Sequence[UUID]) -> dict[UUID, Vectors]:
        known = self._solids
        missing = [image for image in images if image not in known]
        if len(known) + len(missing) > SOLIDS_KEPT:
            known, missing = {}, list(images)
            self._solids = known
        rows = Fingerprint.objects.filter(
            image__in=missing,
            generation=self.lanes.objects_generation,
            variant=Fingerprint.Variant.ORIGINAL,
        )
        for image, stored in rows.values_list("image_id", "vector"):
            known[image] = as_vector(stored)
        return {image: known[image] for image in images if image in known}

    def views(self, images: Sequence[UUID]) -> list[View]:
        found = (self._view_or_none(image) for image in images)
        return [one for one in found if one]

    def _view_or_none(self, image: UUID) -> View | None:
        try:
            return self._view(image)
        except NotThere:
            return None

    def _from_database(self, image: UUID) -> View:
        """Raises NotThere."""
        generation, lanes = self.index.generation, self.lanes
        stored = Fingerprint.objects.filter(
            image=image,
            generation__in=[generation, lanes.marks_generation],
        )
        rows = {(row.generation, row.variant): row for row in stored}
        original = rows.get((generation, Fingerprint.Variant.ORIGINAL))
        inverted = rows.get((generation, Fingerprint.Variant.INVERTED))
        if original is None or inverted is None:
            raise NotThere(image)
        vector, negative = as_vector(original.vector), as_vector(inverted.vector)
        picture = from_png(bytes(original.thumbnail))
        is_mark = (lanes.marks_generation, Fingerprint.Variant.ORIGINAL) in rows
        return View(
            image,
            vector,
            negative,
            LocalFeatures.from_bytes(bytes(original.features)),
            picture,
            self.background.floor(vector, negative),
            shape_of(picture) if is_mark else None,
        )


def as_vector(stored: bytes | memoryview) -> Vectors:
    return np.frombuffer(stored, "<f4").astype(np.float32)
