"""Labelled evidence from a folder, by the same steps that production takes."""

from collections import Counter
from collections.abc import Callable, Iterator
from uuid import NAMESPACE_URL, UUID, uuid5

import numpy as np
from django.core.management.base import CommandError

from lab.calibration.fit import Pair, Truth
from lab.calibration.folder import (
    EDITED_KINDS,
    OTHERS_BEHIND,
    LabelledFolder,
    ListingRow,
    is_background,
)
from lab.calibration.memory import MemoryCatalogue
from vision.channels.background import NO_BACKGROUND, Background
from vision.channels.channel import Lane
from vision.channels.encoders import NO_LANES, Lanes
from vision.channels.evidence import find
from vision.channels.fingerprinting import lane_prints_of, prints_of
from vision.channels.image_features import extract_features
from vision.edits.families import edited
from vision.encoders.base import Encoder, Vectors
from vision.pictures.decode import Decoded, pixel_sha256

type Progress = Callable[[str, int, int], None]


class Collector:
    def __init__(
        self,
        folder: LabelledFolder,
        encoder: Encoder,
        quick: Encoder,
        progress: Progress,
        lanes: Lanes = NO_LANES,
    ) -> None:
        self.folder = folder
        self.lanes = lanes
        self.encoder = encoder
        self.quick = quick
        self.progress = progress
        self.background = NO_BACKGROUND
        self.catalogue = MemoryCatalogue(encoder.spec.dimension)
        self.design_of: dict[UUID, str] = {}
        self.brand_of: dict[UUID, str] = {}
        self.in_lanes: Counter[Lane] = Counter()
        self.count = 0

    def observe_background(self) -> None:
        """The ordinary pictures that views are held against; before they are enrolled."""
        rows = [row for row in self.folder.listings if is_background(row)]
        made = [self.picture_seen(row, done, len(rows)) for done, row in enumerate(rows, 1)]
        self.use_background(Background(np.stack(made)) if made else NO_BACKGROUND)

    def use_background(self, background: Background) -> None:
        """Before any view is enrolled."""
        self.background = background
        self.catalogue = MemoryCatalogue(self.encoder.spec.dimension, background)

    def picture_seen(self, row: ListingRow, done: int, of: int) -> Vectors:
        self.progress("observing the background", done, of)
        return extract_features(self.folder.picture(row.path), self.encoder, self.quick).vectors

    def enrol(self) -> int:
        """Every view; returns how many."""
        for done, row in enumerate(self.folder.designs, 1):
            self.progress("enrolling views", done, len(self.folder.designs))
            decoded = self.folder.picture(row.path)
            image = uuid5(NAMESPACE_URL, row.path)
            in_lanes = lane_prints_of(decoded.pixels, row.kind, self.lanes)
            self.in_lanes[Lane.OBJECT] += in_lanes.solid is not None
            self.in_lanes[Lane.MARK] += in_lanes.mark is not None
            self.catalogue.enrol(
                image,
                decoded.pixel_sha256,
                prints_of(decoded.pixels, self.encoder),
                uuid5(NAMESPACE_URL, row.brand),
                in_lanes,
            )
            self.design_of[image], self.brand_of[image] = row.design_id, row.brand
        return len(self.design_of)

    def enrolled_in_lanes(self) -> dict[Lane, int]:
        """Views, by lane."""
        return dict(self.in_lanes)

    def listings(self) -> Iterator[Pair]:
        rows = [row for row in self.folder.listings if not is_background(row)]
        for done, row in enumerate(rows, 1):
            self.progress("matching listings", done, len(rows))
            yield from self.pairs(row, self.folder.picture(row.path))

    def edits(self) -> Iterator[Pair]:
        designs = [row for row in self.folder.designs if row.kind in EDITED_KINDS]
        scenes = [row.path for row in self.folder.listings if row.family == "unrelated-photo"]
        if not scenes:
            raise CommandError("listings.csv needs listings of the family unrelated-photo.")
        for done, row in enumerate(designs, 1):
            self.progress("matching edits", done, len(designs))
            scene = self.folder.picture(scenes[done % len(scenes)]).pixels
            picture = self.folder.picture(row.path).pixels
            for family, made in edited(picture, scene, row.path).items():
                listing = ListingRow(row.path, family, row.design_id, row.brand)
                yield from self.pairs(listing, Decoded(made, "PNG", pixel_sha256(made)))

    def pairs(self, row: ListingRow, decoded: Decoded) -> Iterator[Pair]:
        """The right design's best view, and every view of other brands that was a candidate."""
        self.count += 1
        right: list[Pair] = []
        seen = extract_features(decoded, self.encoder, self.quick)
        for view, evidence in find(seen, self.catalogue, self.lanes):
            if evidence.identical:  # a grey picture turned grey: nothing to learn from
                continue
            if self.design_of[view.image] == row.design_id:
                right.append(Pair(row.family, self.count, evidence, Truth.RELATED))
            elif row.family == "sibling-photo" and self.brand_of[view.image] == row.brand:
                yield Pair(row.family, self.count, evidence, Truth.SIBLING)
            elif self.brand_of[view.image] != row.brand and row.family not in OTHERS_BEHIND:
                yield Pair(row.family, self.count, evidence, Truth.UNRELATED)
        if right:
            yield max(right, key=strength)


def strength(pair: Pair) -> tuple[float, ...]:
    """Which of a design's views speaks most for it, whichever lane it is of."""
    evidence = pair.evidence
    mark = evidence.mark.lying.outline if evidence.mark else 0.0
    solid = evidence.solid.strength(evidence.cosine) if evidence.solid else 0.0
    return evidence.inliers, mark, solid, evidence.cosine
