"""Collects labelled pairs from a folder, by the same steps as production."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol, runtime_checkable
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
from vision.channels.channel import Evidence
from vision.channels.fitting import Pair, Truth
from vision.channels.image_features import ImageFeatures, extract_features
from vision.channels.matching import Found, Matching, match_image
from vision.channels.register import Query
from vision.channels.registry import Channels
from vision.edits.families import edited
from vision.edits.recolours import RECOLOURS
from vision.edits.transforms import recompress
from vision.encoders.base import Encoder
from vision.pictures.decode import Decoded
from vision.pictures.picture import pixel_sha256

type Progress = Callable[[str, int, int], None]

QUALITY = 88  # of recoloured pictures, as JPEG
OTHER_OBJECTS = "unrelated-object"
FEWEST_OTHERS = 50  # other objects, without which a cohort says little
RECOLOURED = (
    "turntable-",
    "free-pose",
    OTHER_OBJECTS,
)  # families that are measured in other colours too


@dataclass(frozen=True)
class Share:
    """Every n-th listing, for a process of its own."""

    part: int
    parts: int

    def of[T](self, items: Sequence[T]) -> Sequence[T]:
        return items[self.part :: self.parts]

    def number(self, count: int) -> int:
        """Returns a number that no other share gives."""
        return (count - 1) * self.parts + self.part + 1


ALL = Share(0, 1)


@runtime_checkable
class LearnsCohort(Protocol):
    """A channel that normalises by other objects."""

    def learn_cohort(self, pictures: Sequence[ImageFeatures]) -> Any: ...


def recoloured(row: ListingRow, decoded: Decoded) -> tuple[ListingRow, Decoded]:
    """Returns the listing in one of the other colours, chosen by a hash of its path."""
    names = sorted(RECOLOURS)
    colour = names[sha256(row.path.encode()).digest()[0] % len(names)]
    made = recompress(RECOLOURS[colour](decoded.pixels), quality=QUALITY)
    changed = replace(row, family=f"{row.family}-{colour}")
    return changed, Decoded(made, "JPEG", pixel_sha256(made))


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
        self.share = ALL  # of the listings and edits, which is matched
        self.only = ""  # the channel to fit: no view is enrolled that it does not serve
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
        designs = [row for row in self.folder.designs if self.takes(row.kind)]
        for done, row in enumerate(designs, 1):
            self.progress("enrolling views", done, len(designs))
            decoded = self.folder.picture(row.path)
            image = uuid5(NAMESPACE_URL, row.path)
            descriptions = describe(decoded.pixels, row.kind, self.channels)
            self.enrolled.update(descriptions.keys())
            self.register.enrol(
                image, decoded.pixel_sha256, descriptions, uuid5(NAMESPACE_URL, row.brand)
            )
            self.design_of[image], self.brand_of[image] = row.design_id, row.brand
        return len(self.design_of)

    def takes(self, design_kind: str) -> bool:
        return not self.only or self.channels[self.only].spec.serves(design_kind)

    def takes_edits(self) -> bool:
        """Whether edits are matched: one channel that verifies its own candidates learns from none."""
        return not self.only or self.channels[self.only].spec.verifies_all

    def collect_cohorts(self) -> dict[str, Any]:
        """Gives each channel that learns a cohort the pictures of unrelated objects of the background, and
        returns what it made of them. With too few the channels keep theirs. Must run before views are
        enrolled.
        """
        rows = [row for row in self.folder.listings if is_background(row)]
        objects = [row for row in rows if row.family == OTHER_OBJECTS]
        learning = {n: one for n, one in self.channels.items() if isinstance(one, LearnsCohort)}
        if len(objects) < FEWEST_OTHERS or not learning:
            return {}
        features = []
        for done, row in enumerate(objects, 1):
            self.progress("embedding other objects", done, len(objects))
            features.append(self.features_of(self.folder.picture(row.path)))
        return {name: channel.learn_cohort(features) for name, channel in learning.items()}

    def listings(self) -> Iterator[Pair]:
        rows = self.share.of([row for row in self.folder.listings if not is_background(row)])
        for done, row in enumerate(rows, 1):
            self.progress("matching listings", done, len(rows))
            decoded = self.folder.picture(row.path)
            yield from self.pairs(row, decoded)
            if row.family.startswith(RECOLOURED):
                yield from self.pairs(*recoloured(row, decoded))

    def edits(self) -> Iterator[Pair]:
        edited_designs = [row for row in self.folder.designs if row.kind in EDITED_KINDS]
        numbered = self.share.of(list(enumerate(edited_designs, 1)))
        scenes = [row.path for row in self.folder.listings if row.family == "unrelated-photo"]
        if not scenes:
            raise CommandError(
                "listings.csv has no listings of the family unrelated-photo; add some."
            )
        for done, (number, row) in enumerate(numbered, 1):
            self.progress("matching edits", done, len(numbered))
            scene = self.folder.picture(scenes[number % len(scenes)]).pixels
            picture = self.folder.picture(row.path).pixels
            for family, made in edited(picture, scene, row.path).items():
                listing = ListingRow(row.path, family, row.design_id, row.brand)
                yield from self.pairs(listing, Decoded(made, "PNG", pixel_sha256(made)))

    def pairs(self, row: ListingRow, decoded: Decoded) -> Iterator[Pair]:
        """Yields the right design's best view, and every candidate view of other brands."""
        self.count += 1
        number = self.share.number(self.count)
        right: list[Pair] = []
        for view, evidence in self.found(self.features_of(decoded)):
            if evidence.identical:  # for example a grey picture turned grey: nothing to learn from
                continue
            findings = evidence.findings
            if self.design_of[view.image] == row.design_id:
                right.append(Pair(row.family, number, findings, Truth.RELATED))
            elif row.family == "sibling-photo" and self.brand_of[view.image] == row.brand:
                yield Pair(row.family, number, findings, Truth.SIBLING)
            elif self.brand_of[view.image] != row.brand and row.family not in OTHERS_BEHIND:
                yield Pair(row.family, number, findings, Truth.UNRELATED)
        if right:
            yield max(right, key=self.promise)

    def found(self, features: ImageFeatures) -> list[Found]:
        if self.takes_edits():
            return match_image(features, self.register, self.channels)
        matching = Matching(Query(features, self.register), self.channels)
        own = matching.verify_candidates(self.only, matching.retrieve(self.only))
        views = self.register.views(list(own))
        return [(view, Evidence({self.only: own[view.image]})) for view in views]

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
