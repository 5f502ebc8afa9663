"""Collects labelled pairs from a folder, by the same steps as production."""

from collections import Counter
from collections.abc import Callable, Iterator
from uuid import NAMESPACE_URL, UUID, uuid5

import numpy as np
from django.core.management.base import CommandError

from fingerprints.actions.enrol import describe
from lab.calibration.folder import (
    EDITED_KINDS,
    OTHERS_BEHIND,
    LabelledFolder,
    ListingRow,
    is_background,
)
from lab.calibration.memory import MemoryRegister
from vision.channels.background import NO_BACKGROUND, Background
from vision.channels.fitting import Pair, Truth
from vision.channels.image_features import ImageFeatures, extract_features
from vision.channels.matching import match_image
from vision.channels.registry import Channels
from vision.edits.families import edited
from vision.encoders.base import Encoder
from vision.pictures.decode import Decoded
from vision.pictures.picture import pixel_sha256

type Progress = Callable[[str, int, int], None]


class Collector:
    def __init__(
        self,
        folder: LabelledFolder,
        encoder: Encoder,
        quick: Encoder,
        channels: Channels,
        progress: Progress,
    ) -> None:
        """`encoder` and `quick` extract the features of listing pictures."""
        self.folder = folder
        self.encoder = encoder
        self.quick = quick
        self.channels = channels
        self.progress = progress
        self.background = NO_BACKGROUND
        self.register = MemoryRegister(channels)
        self.design_of: dict[UUID, str] = {}
        self.brand_of: dict[UUID, str] = {}
        self.enrolled: Counter[str] = Counter()  # views by channel
        self.count = 0

    def collect_background(self) -> None:
        """Sets the background. Must run before views are enrolled."""
        rows = [row for row in self.folder.listings if is_background(row)]
        vectors = []
        for done, row in enumerate(rows, 1):
            self.progress("embedding ordinary pictures", done, len(rows))
            vectors.append(self.features_of(self.folder.picture(row.path)).vectors)
        self.use_background(Background(np.stack(vectors)) if vectors else NO_BACKGROUND)

    def use_background(self, background: Background) -> None:
        """Sets the background. Must run before any view is enrolled."""
        self.background = background
        for channel in self.channels.values():
            channel.use_background(background)

    def features_of(self, decoded: Decoded) -> ImageFeatures:
        return extract_features(decoded, self.encoder, self.quick)

    def enrol(self) -> int:
        """Enrols every view and returns how many there are."""
        for done, row in enumerate(self.folder.designs, 1):
            self.progress("enrolling views", done, len(self.folder.designs))
            decoded = self.folder.picture(row.path)
            image = uuid5(NAMESPACE_URL, row.path)
            descriptions = describe(decoded.pixels, row.kind, self.channels)
            self.enrolled.update(descriptions.keys())
            self.register.enrol(
                image, decoded.pixel_sha256, descriptions, uuid5(NAMESPACE_URL, row.brand)
            )
            self.design_of[image], self.brand_of[image] = row.design_id, row.brand
        return len(self.design_of)

    def listings(self) -> Iterator[Pair]:
        rows = [row for row in self.folder.listings if not is_background(row)]
        for done, row in enumerate(rows, 1):
            self.progress("matching listings", done, len(rows))
            yield from self.pairs(row, self.folder.picture(row.path))

    def edits(self) -> Iterator[Pair]:
        designs = [row for row in self.folder.designs if row.kind in EDITED_KINDS]
        scenes = [row.path for row in self.folder.listings if row.family == "unrelated-photo"]
        if not scenes:
            raise CommandError(
                "listings.csv has no listings of the family unrelated-photo; add some."
            )
        for done, row in enumerate(designs, 1):
            self.progress("matching edits", done, len(designs))
            scene = self.folder.picture(scenes[done % len(scenes)]).pixels
            picture = self.folder.picture(row.path).pixels
            for family, made in edited(picture, scene, row.path).items():
                listing = ListingRow(row.path, family, row.design_id, row.brand)
                yield from self.pairs(listing, Decoded(made, "PNG", pixel_sha256(made)))

    def pairs(self, row: ListingRow, decoded: Decoded) -> Iterator[Pair]:
        """Yields the right design's best view, and every candidate view of other brands."""
        self.count += 1
        right: list[Pair] = []
        features = self.features_of(decoded)
        for view, evidence in match_image(features, self.register, self.channels):
            if evidence.identical:  # for example a grey picture turned grey: nothing to learn from
                continue
            findings = evidence.findings
            if self.design_of[view.image] == row.design_id:
                right.append(Pair(row.family, self.count, findings, Truth.RELATED))
            elif row.family == "sibling-photo" and self.brand_of[view.image] == row.brand:
                yield Pair(row.family, self.count, findings, Truth.SIBLING)
            elif self.brand_of[view.image] != row.brand and row.family not in OTHERS_BEHIND:
                yield Pair(row.family, self.count, findings, Truth.UNRELATED)
        if right:
            yield max(right, key=self.promise)

    def promise(self, pair: Pair) -> tuple[float, ...]:
        """Returns a key that orders a design's views by how likely each is, whichever channel
        retrieved it.
        """
        promises = [
            channel.promise(pair.findings[name]) if name in pair.findings else (0.0,)
            for name, channel in self.channels.items()
        ]
        first = [promise[0] for promise in promises]
        return (*first, *(more for promise in promises for more in promise[1:]))
