"""A catalogue in memory: the same matching without a database, for calibrating."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np

from detection.matching.background import NO_BACKGROUND, Background
from detection.matching.evidence import View, ViewClaim
from fingerprints.encoders.base import Vectors
from fingerprints.enrolment import ViewPrint
from fingerprints.geometry.codes import Codes
from fingerprints.index.base import Hit
from fingerprints.index.faiss import FaissIndex
from fingerprints.index.hashes import HashTable


class MemoryCatalogue:
    def __init__(self, dimension: int, background: Background = NO_BACKGROUND) -> None:
        self._background = background
        self._index = FaissIndex(dimension)
        self._hashes = HashTable()
        self._claims: dict[int, ViewClaim] = {}
        self._views: dict[UUID, View] = {}
        self._codes: dict[UUID, Codes] = {}
        self._by_pixels: dict[str, list[UUID]] = {}

    def enrol(
        self, image: UUID, pixel_sha256: str, prints: ViewPrint, brand: UUID | None = None
    ) -> None:
        """Without a brand the view is a brand of its own."""
        start = len(self._claims) + 1
        ids = np.arange(start, start + 2, dtype=np.int64)
        self._index.add(ids, np.stack([prints.vector, prints.negative]))
        for number, hashed in zip(
            ids.tolist(), (prints.perceptual_hash, prints.negative_hash), strict=True
        ):
            self._hashes.add(number, hashed)
            self._claims[number] = ViewClaim(image, brand or image, verified=True)
        self._views[image] = View(
            image,
            prints.vector,
            prints.negative,
            prints.features,
            prints.thumbnail,
            self._background.floor(prints.vector, prints.negative),
        )
        self._codes[image] = prints.codes
        self._by_pixels.setdefault(pixel_sha256, []).append(image)

    def search(self, vectors: Vectors, k: int) -> list[list[Hit]]:
        return self._index.search(vectors, k=k)

    def near(self, perceptual_hash: int, within: int) -> list[int]:
        return self._hashes.near(perceptual_hash, within=within)

    def identical(self, pixel_sha256: str) -> list[UUID]:
        return self._by_pixels.get(pixel_sha256, [])

    def claims_of(self, fingerprints: Iterable[int]) -> dict[int, ViewClaim]:
        return {number: self._claims[number] for number in fingerprints}

    def codes(self, images: Sequence[UUID]) -> list[Codes]:
        return [self._codes[image] for image in images]

    def views(self, images: Sequence[UUID]) -> list[View]:
        return [self._views[image] for image in images]
