"""What speaks for one registered view being in one picture: nominate, then verify."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Protocol
from uuid import UUID

import numpy as np

from vision.channels.encoders import NO_LANES, Lanes
from vision.channels.image_features import ImageFeatures
from vision.channels.marks import Looking, Marked, Nearby, embed_windows
from vision.channels.solids import ALIKE, MOST, NEARLY, Solid, nearest_solids
from vision.encoders.base import Vectors
from vision.geometry.agreement import NONE, Agreement, compare
from vision.geometry.codes import Codes, listing_codes, votes
from vision.geometry.features import LocalFeatures
from vision.geometry.marks import Shape
from vision.geometry.polygons import MIRROR
from vision.geometry.regions import WHOLE, Region
from vision.geometry.verification import Geometry, verify
from vision.index.base import Hit
from vision.pictures.colours import Colours, colours_of, in_common
from vision.pictures.decode import Picture
from vision.stages import stage

# Raised whenever the same picture may get another answer than before from what is registered.
SEARCH_VERSION = 2
NEIGHBOURS = 200  # fingerprints a region nominates
# Views of which more than the place is asked: of verified claimants the nearest, and of others.
LOOKED_AT = 200
# Of these, and of the neighbours of a region: so that nobody fills them by registering look-alikes.
A_BRANDS_SHARE = 40
# Views that are verified, a few milliseconds each: of verified claimants the nearest, and those
# that most local features vote for; and of others, whose claims restrict nobody.
BY_COSINE, BY_VOTES = 6, 4
FROM_UNVERIFIED = 2  # by each of the two
FROM_A_BRAND = 3  # so that nobody fills the places by registering one picture many times
MARKS_A_WINDOW = 8  # of registered marks and their mirror images, for each window of the mark lane
A_BRANDS_MARKS = 4  # of these
# Of verified claimants' marks, a few milliseconds and some twenty each; and as few of others as above.
MARKS_GLANCED_AT, MARKS_LOOKED_AT = 12, 6
MARK_FROM = 0.55  # cosine from which a mark's shape is laid over the window
HASH_BITS = 8  # of 64 that a nominated view's perceptual hash may differ in
CONVINCING = 25  # inliers at which no other appearance needs a look: unrelated pairs have at most 8
CLEARLY = 0.1  # cosine by which a picture or its negative is the nearer one for certain
# Cosine of the whole pictures. Unrelated photographs have at most 0.46, one-colour marks 0.76: a
# round one lies on another round one well, and at 0.5 four of 55 unrelated marks were flagged so.
ALIKE_AS_A_WHOLE = 0.8


class Appearance(StrEnum):
    """How a view may stand in a listing; one set of local features serves for all of them."""

    ORIGINAL = "original"
    MIRRORED = "mirrored"
    INVERTED = "inverted"
    MIRRORED_INVERTED = "mirrored-inverted"

    @property
    def is_mirrored(self) -> bool:
        return self in {self.MIRRORED, self.MIRRORED_INVERTED}

    @property
    def is_inverted(self) -> bool:
        return self in {self.INVERTED, self.MIRRORED_INVERTED}


UPRIGHT = (Appearance.ORIGINAL, Appearance.MIRRORED)
NEGATIVE = (Appearance.INVERTED, Appearance.MIRRORED_INVERTED)


@dataclass(frozen=True)
class View:
    """What was enrolled of a view. `vector` of the picture and `negative` of its negative,
    `float32[dimension]`; `thumbnail` as vision.geometry.agreement has it; `floor` is the cosine
    that ordinary pictures reach with it (vision.channels.background). `mark` is the shape that the
    mark lane looks for, None where it is not for it.
    """

    image: UUID
    vector: Vectors
    negative: Vectors
    features: LocalFeatures
    thumbnail: Picture
    floor: float = 0.0
    mark: Shape | None = None

    @cached_property
    def colours(self) -> Colours:
        return colours_of(self.thumbnail)


@dataclass(frozen=True)
class Evidence:
    """`cosine` is the best over regions, of the view or its negative, and `region` where it was; `floor`
    is the view's; `geometry` takes the view as it was registered to the listing, and `agreement` says how far
    the two agree where it lays them over each other. `solid` and `mark` are what the two other lanes
    say, None where they say nothing.
    """

    cosine: float
    region: Region
    appearance: Appearance = Appearance.ORIGINAL
    geometry: Geometry | None = None
    agreement: Agreement = NONE
    identical: bool = False
    floor: float = 0.0
    solid: Solid | None = None
    mark: Marked | None = None

    @property
    def inliers(self) -> int:
        return self.geometry.inliers if self.geometry else 0


@dataclass(frozen=True)
class ViewClaim:
    """Whose view it is. `verified` says that its claims count for others."""

    view: UUID
    brand: UUID
    verified: bool


class Catalogue(Protocol):
    """Where registered views are looked up; the database's or one in memory."""

    def catch_up(self) -> None:
        """Comes up to date with what is registered, which takes long after many enrolments. Searching
        does it too.
        """
        ...

    def search(self, vectors: Vectors, k: int, of_a_brand: int) -> list[list[Hit]]:
        """As PartedIndex has it."""
        ...

    def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
        """Fingerprint ids, as PartedIndex has it."""
        ...

    def identical(self, pixel_sha256: str) -> list[UUID]:
        """Views whose decoded pixels are equal."""
        ...

    def claims_of(self, fingerprints: Iterable[int]) -> dict[int, ViewClaim]:
        """The view of each fingerprint that may be searched, in the order asked for."""
        ...

    def search_marks(
        self, vectors: Vectors, k: int, of_a_brand: int, at_least: float
    ) -> list[list[Hit]]:
        """Of the mark lane's windows; nothing where no mark is enrolled in it."""
        ...

    def mirrored(self, fingerprints: Iterable[int]) -> set[int]:
        """Those that are of a mark's mirror image."""
        ...

    def has_marks(self) -> bool: ...

    def codes(self, images: Sequence[UUID]) -> list[Codes]:
        """Of the local features of these views, in the order asked for."""
        ...

    def solids(self, images: Sequence[UUID]) -> dict[UUID, Vectors]:
        """The object lane's vectors of those of these views that it is for: light, so that no view is
        loaded as a whole to learn that it is none of them.
        """
        ...

    def views(self, images: Sequence[UUID]) -> list[View]:
        """In the order asked for, without those deleted meanwhile."""
        ...


def find(
    seen: ImageFeatures, catalogue: Catalogue, lanes: Lanes = NO_LANES
) -> list[tuple[View, Evidence]]:
    """Every view worth a look, with the evidence for it."""
    with stage("search"):
        identical = set(catalogue.identical(seen.pixel_sha256))
        near = nearest(seen, catalogue)
        nominated = [*identical, *nominate(seen, list(near), catalogue)]
    in_lanes = in_the_lanes(seen, near, catalogue, lanes)
    with stage("search"):
        nominated += [*in_lanes.solids, *in_lanes.marks]
        views = catalogue.views(list(dict.fromkeys(nominated)))
    with stage("verify"):
        return [
            (view, in_lanes.beside(weigh(seen, view, identical=view.image in identical), view))
            for view in views
        ]


@dataclass(frozen=True)
class Found:
    """What the lanes found, by view."""

    solids: Mapping[UUID, Solid]
    marks: Mapping[UUID, Marked]

    def beside(self, evidence: Evidence, view: View) -> Evidence:
        if evidence.identical:
            return evidence
        return replace(evidence, solid=self.solids.get(view.image), mark=self.marks.get(view.image))


def in_the_lanes(
    seen: ImageFeatures, near: Mapping[ViewClaim, float], catalogue: Catalogue, lanes: Lanes
) -> Found:
    return Found(solids_in(seen, near, catalogue, lanes), marks_in(seen, catalogue, lanes))


def solids_in(
    seen: ImageFeatures, near: Mapping[ViewClaim, float], catalogue: Catalogue, lanes: Lanes
) -> dict[UUID, Solid]:
    """Embeds the picture only where something registered may be there from another side."""
    if lanes.objects is None:
        return {}
    with stage("object lane"):
        alike = [claim for claim, cosine in near.items() if cosine >= NEARLY * ALIKE]
        claims = {claim.view: claim for group in looked_at(alike) for claim in group}
        registered = catalogue.solids(list(claims))
        if not registered:
            return {}
        cosines = nearest_solids(seen.picture, registered, lanes.objects)
        theirs = colours_of(seen.picture)
        return {
            view.image: Solid(cosines[view.image], in_common(theirs, view.colours))
            for view in catalogue.views(places((claims[image] for image in cosines), MOST))
        }


def marks_in(seen: ImageFeatures, catalogue: Catalogue, lanes: Lanes) -> dict[UUID, Marked]:
    """Embeds windows only where a mark is registered."""
    if lanes.marks is None or not catalogue.has_marks():
        return {}
    with stage("mark lane"):
        regions, vectors = embed_windows(seen.picture, lanes.marks)
        claims = nominate_marks(regions, vectors, catalogue)
        nominated = {claim.view: nearby for claim, nearby in claims.items()}
        views = {view.image: view for view in catalogue.views(list(nominated))}
        shapes = {image: view.mark for image, view in views.items() if view.mark}
        looking = Looking(seen.picture)
        promises = {
            image: looking.promise(shape, nominated[image]) for image, shape in shapes.items()
        }
        promising = (claim for claim in claims if claim.view in promises)
        ranked = sorted(promising, key=lambda claim: -promises[claim.view])
        finalists = places(ranked, MARKS_LOOKED_AT)
        found = {image: looking.at(shapes[image], nominated[image]) for image in finalists}
        return {image: marked for image, marked in found.items() if marked}


def nominate_marks(
    regions: Sequence[Region], vectors: Vectors, catalogue: Catalogue
) -> dict[ViewClaim, list[Nearby]]:
    """The marks nearest to any window, each with its windows, best first."""
    found = catalogue.search_marks(vectors, MARKS_A_WINDOW, A_BRANDS_MARKS, MARK_FROM)
    hits = [
        (hit.score, hit.id, region)
        for region, of_window in zip(regions, found, strict=True)
        for hit in of_window
    ]
    hits.sort(key=lambda hit: -hit[0])
    numbers = list(dict.fromkeys(number for _, number, _ in hits))
    claims, mirrored = catalogue.claims_of(numbers), catalogue.mirrored(numbers)
    there = dict.fromkeys(claims[number] for number in numbers if number in claims)
    chosen = set(places(there, MARKS_GLANCED_AT))
    windows: dict[ViewClaim, list[Nearby]] = {c: [] for c in there if c.view in chosen}
    for cosine, number, region in hits:
        if number in claims and claims[number] in windows:
            windows[claims[number]].append(Nearby(region, cosine, number in mirrored))
    return windows


def nearest(seen: ImageFeatures, catalogue: Catalogue) -> dict[ViewClaim, float]:
    """The views nearest to any region, best first, with the cosine."""
    best: dict[int, float] = {}
    for hits in catalogue.search(seen.vectors, NEIGHBOURS, A_BRANDS_SHARE):
        for hit in hits:
            best[hit.id] = max(hit.score, best.get(hit.id, -1.0))
    ranked = sorted(best, key=lambda number: -best[number])
    near: dict[ViewClaim, float] = {}
    for number, claim in catalogue.claims_of(ranked).items():
        near.setdefault(claim, best[number])
    return near


def nominate(seen: ImageFeatures, near: Sequence[ViewClaim], catalogue: Catalogue) -> list[UUID]:
    """The nearest views, those that local features vote for, and those with nearly the same hash."""
    close = catalogue.claims_of(
        catalogue.near(seen.perceptual_hash, HASH_BITS, LOOKED_AT, A_BRANDS_SHARE)
    ).values()
    nominated = [
        *places(near, BY_COSINE),
        *places(voted_for(seen, near, catalogue), BY_VOTES),
        *places(dict.fromkeys(close), BY_COSINE),
    ]
    return list(dict.fromkeys(nominated))


def voted_for(
    seen: ImageFeatures, claims: Sequence[ViewClaim], catalogue: Catalogue
) -> list[ViewClaim]:
    """Those of `claims` that any local feature votes for, most votes first. Verified claimants and
    others are voted for apart: a feature's votes go to its nearest few, which copies of a picture
    would take from it.
    """
    ours = listing_codes(seen.features)
    found = []
    for group in looked_at(claims):
        counts = votes(ours, catalogue.codes([claim.view for claim in group]))
        found += [group[place] for place in np.argsort(-counts, kind="stable") if counts[place]]
    return found


def looked_at(claims: Iterable[ViewClaim]) -> tuple[list[ViewClaim], list[ViewClaim]]:
    """The first of verified claimants, and of others; of each brand no more than its share."""
    taken: Counter[UUID] = Counter()
    kept: dict[bool, list[ViewClaim]] = {True: [], False: []}
    for claim in claims:
        if taken[claim.brand] < A_BRANDS_SHARE and len(kept[claim.verified]) < LOOKED_AT:
            taken[claim.brand] += 1
            kept[claim.verified].append(claim)
    return kept[True], kept[False]


def places(claims: Iterable[ViewClaim], most: int) -> list[UUID]:
    """The first views of each brand, in the order given: verified claimants and others apart."""
    taken: Counter[UUID] = Counter()
    kept: dict[bool, list[UUID]] = {True: [], False: []}
    for claim in claims:
        if taken[claim.brand] < FROM_A_BRAND:
            taken[claim.brand] += 1
            kept[claim.verified].append(claim.view)
    return kept[True][:most] + kept[False][:FROM_UNVERIFIED]


def weigh(seen: ImageFeatures, view: View, *, identical: bool = False) -> Evidence:
    """Equal pixels need no verification; everything else does."""
    likeness = seen.vectors @ np.stack([view.vector, view.negative]).T
    nearest = int(likeness.max(axis=1).argmax())
    region, cosine = seen.regions[nearest], float(likeness.max())
    if identical:
        return Evidence(1.0, WHOLE, identical=True)
    upright, negative = likeness.max(axis=0).tolist()
    appearance, geometry = confirm(seen, view, likely(upright, negative))
    agreement = NONE
    if geometry:
        agreement = compare(view.thumbnail, seen.picture, geometry.homography)
    if geometry is None or geometry.inliers < CONVINCING:
        for way, laid in as_a_whole(likeness[0].tolist()):
            found = compare(view.thumbnail, seen.picture, laid.homography)
            if found.in_place > agreement.in_place:
                appearance, geometry, agreement = way, laid, found
    return Evidence(cosine, region, appearance, geometry, agreement, floor=view.floor)


def likely(upright: float, negative: float) -> Sequence[Appearance]:
    """The appearances worth verifying: of a picture and its negative the nearer, or both."""
    if negative < upright - CLEARLY:
        return UPRIGHT
    if upright < negative - CLEARLY:
        return NEGATIVE
    return (*UPRIGHT, *NEGATIVE) if upright >= negative else (*NEGATIVE, *UPRIGHT)


def as_a_whole(whole: Sequence[float]) -> Iterator[tuple[Appearance, Geometry]]:
    """Where the whole pictures are alike, one may simply lie on the other: pictures with hardly a
    point to match are confirmed so.
    """
    upright, negative = whole
    if max(upright, negative) < ALIKE_AS_A_WHOLE:
        return
    for appearance in UPRIGHT if upright >= negative else NEGATIVE:
        yield appearance, Geometry(MIRROR if appearance.is_mirrored else np.eye(3), 0, 0)


def confirm(
    seen: ImageFeatures, view: View, appearances: Sequence[Appearance]
) -> tuple[Appearance, Geometry | None]:
    """The appearance that most points agree on; stops at the first that convinces."""
    best: tuple[Appearance, Geometry | None] = (appearances[0], None)
    for appearance in appearances:
        geometry = verify(seen.features, looking(view.features, appearance))
        if geometry and (best[1] is None or geometry.inliers > best[1].inliers):
            best = (appearance, geometry)
        if geometry and geometry.inliers >= CONVINCING:
            break
    appearance, geometry = best
    if geometry and appearance.is_mirrored:
        geometry = replace(geometry, homography=geometry.homography @ MIRROR)
    return appearance, geometry


def looking(features: LocalFeatures, appearance: Appearance) -> LocalFeatures:
    """A mirrored or inverted picture was edited; it is no photograph of the thing from the side."""
    if appearance == Appearance.ORIGINAL:
        return features
    features = features.from_the_front()
    if appearance.is_mirrored:
        features = features.mirrored()
    return features.inverted() if appearance.is_inverted else features
