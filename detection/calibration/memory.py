"""A catalogue in memory: the same matching without a database, for calibrating."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np

from detection.matching.background import NO_BACKGROUND, Background
from detection.matching.evidence import View, ViewClaim
from fingerprints.encoders.base import Vectors
from fingerprints.enrolment import LanePrint, ViewPrint
from fingerprints.geometry.codes import Codes
from fingerprints.geometry.marks import shape_of
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
        self._marks: FaissIndex | None = None
        self._mirrored: set[int] = set()

    def enrol(
        self,
        image: UUID,
        pixel_sha256: str,
        prints: ViewPrint,
        brand: UUID | None = None,
        in_lanes: LanePrint = LanePrint(),  # noqa: B008 - frozen
    ) -> None:
        """Without a brand the view is a brand of its own."""
        start = len(self._index) + 1
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
            in_lanes.solid,
            shape_of(prints.thumbnail) if in_lanes.mark is not None else None,
        )
        self._enrol_mark(self._claims[start], in_lanes)
        self._codes[image] = prints.codes
        self._by_pixels.setdefault(pixel_sha256, []).append(image)

    def _enrol_mark(self, claim: ViewClaim, in_lanes: LanePrint) -> None:
        """Under negative numbers, so that the claims of both indexes stand in one table."""
        if in_lanes.mark is None or in_lanes.mirrored_mark is None:
            return
        self._marks = self._marks or FaissIndex(len(in_lanes.mark))
        first = -len(self._marks) - 1
        ids = np.array([first, first - 1], np.int64)
        self._marks.add(ids, np.stack([in_lanes.mark, in_lanes.mirrored_mark]))
        self._claims |= dict.fromkeys(ids.tolist(), claim)
        self._mirrored.add(first - 1)

    def catch_up(self) -> None:
        pass  # it is what there is

    def search_marks(self, vectors: Vectors, k: int) -> list[list[Hit]]:
        return self._marks.search(vectors, k=k) if self._marks else [[] for _ in vectors]

    def has_marks(self) -> bool:
        return self._marks is not None

    def mirrored(self, fingerprints: Iterable[int]) -> set[int]:
        return self._mirrored.intersection(fingerprints)

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
