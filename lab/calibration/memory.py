"""A register in memory, for calibration: the same matching without a database."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import numpy as np

from vision.channels.channel import ORIGINAL, Channel, ViewDescription, ViewVector
from vision.channels.register import View, ViewOwner
from vision.encoders.base import Vectors
from vision.geometry.codes import Bits, Codes
from vision.index.base import Hit
from vision.index.codes import CodeHits
from vision.index.parted import Entries, PartedIndex


class MemoryRegister:
    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self._indexes = {
            name: PartedIndex.empty(channel.encoder.spec.dimension)
            for name, channel in channels.items()
            if channel.spec.is_searched
        }
        self._owners: dict[int, ViewOwner] = {}
        self._by_view: dict[UUID, ViewOwner] = {}
        self._variants: dict[int, str] = {}
        self._views: dict[UUID, View] = {}
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
        owner = self._by_view[image] = ViewOwner(image, brand or image, verified)
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
        index = self._indexes.get(channel)
        if index is not None:
            entry = Entries(
                np.array([number], np.int64),
                vector.vector[None],
                [vector.perceptual_hash],
                [owner.brand],
                [Codes.from_bytes(vector.codes)],
            )
            index.add(entry, np.array([owner.verified]))

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

    def owners(self, views: Sequence[UUID]) -> dict[UUID, ViewOwner]:
        return {view: self._by_view[view] for view in views}

    def search_codes(self, channel: str, bits: Bits, of_a_brand: int) -> tuple[CodeHits, CodeHits]:
        return self._indexes[channel].search_codes(bits, of_a_brand=of_a_brand)

    def views(self, images: Sequence[UUID]) -> list[View]:
        return [self._views[image] for image in images]
