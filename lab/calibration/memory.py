"""A catalogue in memory: the same matching without a database, for calibrating."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np

from vision.channels.background import NO_BACKGROUND, Background
from vision.channels.evidence import View, ViewClaim
from vision.channels.fingerprinting import LanePrint, ViewPrint
from vision.encoders.base import Vectors
from vision.geometry.codes import Codes
from vision.geometry.marks import shape_of
from vision.index.base import Hit, Ids
from vision.index.parted import PartedIndex


class MemoryCatalogue:
    def __init__(self, dimension: int, background: Background = NO_BACKGROUND) -> None:
        self._background = background
        self._index = PartedIndex.empty(dimension)
        self._claims: dict[int, ViewClaim] = {}
        self._views: dict[UUID, View] = {}
        self._codes: dict[UUID, Codes] = {}
        self._by_pixels: dict[str, list[UUID]] = {}
        self._solids: dict[UUID, Vectors] = {}
        self._marks: PartedIndex | None = None
        self._mirrored: set[int] = set()

    def enrol(  # noqa: PLR0913 - what a registered view is made of
        self,
        image: UUID,
        pixel_sha256: str,
        prints: ViewPrint,
        brand: UUID | None = None,
        in_lanes: LanePrint = LanePrint(),  # noqa: B008 - frozen
        *,
        verified: bool = True,
    ) -> None:
        """Without a brand the view is a brand of its own."""
        start = len(self._index) + 1
        ids = np.arange(start, start + 2, dtype=np.int64)
        claim = ViewClaim(image, brand or image, verified)
        hashes = (prints.perceptual_hash, prints.negative_hash)
        put(self._index, ids, np.stack([prints.vector, prints.negative]), hashes, claim)
        self._claims |= dict.fromkeys(ids.tolist(), claim)
        self._views[image] = View(
            image,
            prints.vector,
            prints.negative,
            prints.features,
            prints.thumbnail,
            self._background.floor(prints.vector, prints.negative),
            shape_of(prints.thumbnail) if in_lanes.mark is not None else None,
        )
        self._enrol_mark(claim, in_lanes)
        if in_lanes.solid is not None:
            self._solids[image] = in_lanes.solid
        self._codes[image] = prints.codes
        self._by_pixels.setdefault(pixel_sha256, []).append(image)

    def _enrol_mark(self, claim: ViewClaim, in_lanes: LanePrint) -> None:
        """Under negative numbers, so that the claims of both indexes stand in one table."""
        if in_lanes.mark is None or in_lanes.mirrored_mark is None:
            return
        self._marks = self._marks or PartedIndex.empty(len(in_lanes.mark))
        first = -len(self._marks) - 1
        ids = np.array([first, first - 1], np.int64)
        both = np.stack([in_lanes.mark, in_lanes.mirrored_mark])
        put(self._marks, ids, both, (0, 0), claim)
        self._claims |= dict.fromkeys(ids.tolist(), claim)
        self._mirrored.add(first - 1)

    def catch_up(self) -> None:
        pass  # it is what there is

    def search_marks(
        self, vectors: Vectors, k: int, of_a_brand: int, at_least: float
    ) -> list[list[Hit]]:
        if not self._marks:
            return [[] for _ in vectors]
        return self._marks.search(vectors, k=k, at_least=at_least, of_a_brand=of_a_brand)

    def has_marks(self) -> bool:
        return self._marks is not None

    def mirrored(self, fingerprints: Iterable[int]) -> set[int]:
        return self._mirrored.intersection(fingerprints)

    def search(self, vectors: Vectors, k: int, of_a_brand: int) -> list[list[Hit]]:
        return self._index.search(vectors, k=k, of_a_brand=of_a_brand)

    def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
        return self._index.near(perceptual_hash, within=within, most=most, of_a_brand=of_a_brand)

    def solids(self, images: Sequence[UUID]) -> dict[UUID, Vectors]:
        return {image: self._solids[image] for image in images if image in self._solids}

    def identical(self, pixel_sha256: str) -> list[UUID]:
        return self._by_pixels.get(pixel_sha256, [])

    def claims_of(self, fingerprints: Iterable[int]) -> dict[int, ViewClaim]:
        return {number: self._claims[number] for number in fingerprints}

    def codes(self, images: Sequence[UUID]) -> list[Codes]:
        return [self._codes[image] for image in images]

    def views(self, images: Sequence[UUID]) -> list[View]:
        return [self._views[image] for image in images]


def put(
    index: PartedIndex, ids: Ids, vectors: Vectors, hashes: Sequence[int], claim: ViewClaim
) -> None:
    index.add(ids, vectors, hashes, [claim.brand] * len(ids), np.full(len(ids), claim.verified))
