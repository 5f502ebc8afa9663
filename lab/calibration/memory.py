"""A register in memory, for calibration: the same matching without a database."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import numpy as np

from vision.channels.channel import ORIGINAL, Channel, ViewDescription, ViewVector
from vision.channels.register import View, ViewOwner
from vision.encoders.base import Vectors
from vision.geometry.codes import BITS, Codes
from vision.index.base import Hit
from vision.index.parted import PartedIndex

NO_CODES = np.empty((0, BITS // 8), np.uint8)


class MemoryRegister:
    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self._indexes = {
            name: PartedIndex.empty(channel.encoder.spec.dimension)
            for name, channel in channels.items()
            if channel.spec.is_searched
        }
        self._owners: dict[int, ViewOwner] = {}
        self._variants: dict[int, str] = {}
        self._views: dict[UUID, View] = {}
        self._codes: dict[UUID, Codes] = {}
        self._vectors: dict[str, dict[UUID, Vectors]] = {name: {} for name in channels}
        self._by_pixels: dict[str, list[UUID]] = {}

    def enrol(
        self,
        image: UUID,
        pixel_sha256: str,
        descriptions: Mapping[str, ViewDescription],
        brand: UUID | None = None,
        *,
        verified: bool = True,
    ) -> None:
        """Enrols a view; without `brand` it is a brand of its own. Numbers are unique over all indexes."""
        owner = ViewOwner(image, brand or image, verified)
        for name, description in descriptions.items():
            for vector in description.vectors:
                self._put(name, owner, vector)
        self._views[image] = View(image, {name: one.view for name, one in descriptions.items()})
        self._by_pixels.setdefault(pixel_sha256, []).append(image)

    def _put(self, channel: str, owner: ViewOwner, vector: ViewVector) -> None:
        number = len(self._owners) + 1
        self._owners[number] = owner
        self._variants[number] = vector.variant
        if vector.variant == ORIGINAL:
            self._vectors[channel][owner.view] = vector.vector
        if vector.codes:
            codes = np.frombuffer(vector.codes, np.uint8).reshape(-1, BITS // 8)
            self._codes[owner.view] = codes
        index = self._indexes.get(channel)
        if index is not None:
            ids = np.array([number], np.int64)
            standing = np.array([owner.verified])
            index.add(ids, vector.vector[None], [vector.perceptual_hash], [owner.brand], standing)

    def catch_up(self) -> None:
        pass  # it is always up to date

    def search(
        self,
        channel: str,
        vectors: Vectors,
        k: int,
        of_a_brand: int,
        at_least: float = -1.0,
    ) -> list[list[Hit]]:
        index = self._indexes[channel]
        return index.search(vectors, k=k, of_a_brand=of_a_brand, at_least=at_least)

    def has(self, channel: str) -> bool:
        return len(self._indexes.get(channel, ())) > 0

    def variants(self, fingerprints: Iterable[int]) -> dict[int, str]:
        return {number: self._variants[number] for number in fingerprints}

    def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
        found: list[int] = []
        for name, index in self._indexes.items():
            if self._channels[name].spec.is_required:
                found += index.near(
                    perceptual_hash, within=within, most=most, of_a_brand=of_a_brand
                )
        return found

    def vectors(self, channel: str, images: Sequence[UUID]) -> dict[UUID, Vectors]:
        known = self._vectors[channel]
        return {image: known[image] for image in images if image in known}

    def identical(self, pixel_sha256: str) -> list[UUID]:
        return self._by_pixels.get(pixel_sha256, [])

    def owners_of(self, fingerprints: Iterable[int]) -> dict[int, ViewOwner]:
        return {number: self._owners[number] for number in fingerprints}

    def codes(self, images: Sequence[UUID]) -> list[Codes]:
        return [self._codes.get(image, NO_CODES) for image in images]

    def views(self, images: Sequence[UUID]) -> list[View]:
        return [self._views[image] for image in images]
