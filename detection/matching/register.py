"""The register of views, read from the database and from this process's indexes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np

from fingerprints.index.live import LiveIndex
from fingerprints.models import DesignImage, Fingerprint
from vision.channels.channel import Channel, ViewVector
from vision.channels.register import View, ViewOwner
from vision.channels.registry import generation
from vision.encoders.base import Vectors
from vision.geometry.codes import Bits
from vision.index.base import Hit
from vision.index.codes import CodeHits, without_hits

# Descriptions of an enrolled view never change, so they are cached without expiry.
VIEWS_KEPT = 1_000  # about 200 KB each
VECTORS_KEPT = 10_000  # of each channel, 5 KB each


class NotThere(LookupError):
    """The view was deleted meanwhile. It is an exception because lru_cache would keep a None."""


class DatabaseRegister:
    """Looks up every index hit in the database, so that a retired view never shows."""

    def __init__(self, channels: Mapping[str, Channel], indexes: Mapping[str, LiveIndex]) -> None:
        """`indexes` has the channels that are searched."""
        self.channels = channels
        self.indexes = indexes
        self.generations = {name: generation(channel) for name, channel in channels.items()}
        self._view = lru_cache(maxsize=VIEWS_KEPT)(self._from_database)
        self._vectors: dict[str, dict[UUID, Vectors]] = {name: {} for name in channels}

    @property
    def required(self) -> list[str]:
        """Returns the generations that every enrolled view has."""
        return [
            self.generations[name]
            for name, channel in self.channels.items()
            if channel.spec.is_required
        ]

    def catch_up(self) -> None:
        for index in self.indexes.values():
            index.catch_up()

    def search(
        self,
        channel: str,
        vectors: Vectors,
        k: int,
        of_a_brand: int,
        at_least: float = -1.0,
    ) -> list[list[Hit]]:
        index = self.indexes.get(channel)
        if index is None:
            return [[] for _ in vectors]
        return index.search(vectors, k=k, of_a_brand=of_a_brand, at_least=at_least)

    def has(self, channel: str) -> bool:
        index = self.indexes.get(channel)
        return index is not None and len(index.state().index) > 0

    def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
        found: list[int] = []
        for name, index in self.indexes.items():
            if self.channels[name].spec.is_required:
                found += index.near(
                    perceptual_hash, within=within, most=most, of_a_brand=of_a_brand
                )
        return found

    def identical(self, pixel_sha256: str) -> list[UUID]:
        views = DesignImage.objects.filter(
            pixel_sha256=pixel_sha256,
            state=DesignImage.State.ENROLLED,
            design__retired_at=None,
            fingerprints__generation__in=self.required,
        )
        return list(views.distinct().values_list("pk", flat=True))

    def owners(self, views: Sequence[UUID]) -> dict[UUID, ViewOwner]:
        originals = Fingerprint.objects.searchable().filter(
            image__in=views, variant=Fingerprint.Variant.ORIGINAL
        )
        numbers = originals.values_list("pk", flat=True)
        return {owner.view: owner for owner in self.owners_of(numbers).values()}

    def owners_of(self, fingerprints: Iterable[int]) -> dict[int, ViewOwner]:
        numbers = list(fingerprints)
        rows = Fingerprint.objects.searchable().filter(pk__in=numbers)
        found = {
            number: ViewOwner(view, brand, verified_at is not None)
            for number, view, brand, verified_at in rows.values_list(
                "pk",
                "image_id",
                "image__design__brand_id",
                "image__design__brand__organisation__verified_at",
            )
        }
        return {number: found[number] for number in numbers if number in found}

    def variants(self, fingerprints: Iterable[int]) -> dict[int, str]:
        rows = Fingerprint.objects.filter(pk__in=list(fingerprints))
        others = rows.exclude(variant=Fingerprint.Variant.ORIGINAL)
        return dict(others.values_list("pk", "variant"))

    def search_codes(self, channel: str, bits: Bits, of_a_brand: int) -> tuple[CodeHits, CodeHits]:
        index = self.indexes.get(channel)
        if index is None:
            return without_hits(len(bits), 0), without_hits(len(bits), 0)
        return index.search_codes(bits, of_a_brand=of_a_brand)

    def vectors(self, channel: str, images: Sequence[UUID]) -> dict[UUID, Vectors]:
        known = self._vectors[channel]
        missing = [image for image in images if image not in known]
        if len(known) + len(missing) > VECTORS_KEPT:
            known, missing = {}, list(images)
            self._vectors[channel] = known
        rows = originals(missing, [self.generations[channel]])
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
        stored = Fingerprint.objects.filter(image=image, generation__in=self.generations.values())
        rows: dict[str, dict[str, ViewVector]] = defaultdict(dict)
        for row in stored:
            rows[row.generation][row.variant] = as_view_vector(row)
        described: dict[str, Any] = {}
        for name, channel in self.channels.items():
            if found := rows.get(self.generations[name]):
                described[name] = channel.load_view(found, described)
        if any(
            described.get(name) is None
            for name, channel in self.channels.items()
            if channel.spec.is_required
        ):
            raise NotThere(image)
        return View(image, {name: one for name, one in described.items() if one is not None})


def originals(images: Sequence[UUID], generations: Sequence[str]) -> Any:
    return Fingerprint.objects.filter(
        image__in=images,
        generation__in=generations,
        variant=Fingerprint.Variant.ORIGINAL,
    )


def as_view_vector(row: Fingerprint) -> ViewVector:
    return ViewVector(
        row.variant,
        as_vector(row.vector),
        row.perceptual_hash,
        bytes(row.features),
        bytes(row.codes),
        bytes(row.thumbnail),
        row.background,
    )


def as_vector(stored: bytes | memoryview) -> Vectors:
    return np.frombuffer(stored, "<f4").astype(np.float32)
