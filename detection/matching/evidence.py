"""What speaks for one registered view being in one picture: nominate, then verify."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np

from detection.matching.observation import Observation
from detection.matching.regions import WHOLE, Region
from detection.matching.stages import stage
from fingerprints.encoders.base import Vectors
from fingerprints.geometry.features import LocalFeatures
from fingerprints.geometry.verification import Geometry, verify
from fingerprints.index.base import Hit

NEIGHBOURS = 200  # fingerprints a region nominates
CANDIDATES = 8  # views that are verified, of verified claimants: a few milliseconds each
FROM_UNVERIFIED = 4  # and of others, whose claims restrict nobody
FROM_A_BRAND = 3  # so that nobody fills the places by registering one picture many times
HASH_BITS = 8  # of 64 that a nominated view's perceptual hash may differ in
CONVINCING = 25  # inliers at which no other variant needs a look: unrelated pairs have at most 8


@dataclass(frozen=True)
class Variant:
    """One variant of a registered view. `features` is None where another's serve as well."""

    name: str
    vector: Vectors
    features: LocalFeatures | None


@dataclass(frozen=True)
class View:
    image: UUID
    variants: Mapping[int, Variant]  # by fingerprint id


@dataclass(frozen=True)
class Evidence:
    """`cosine` is the best over regions and variants; `region` where it was; `variant` the one
    that geometry confirmed, or else the nearest.
    """

    cosine: float
    region: Region
    variant: str
    geometry: Geometry | None
    identical: bool = False

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

    def search(self, vectors: Vectors, k: int) -> list[list[Hit]]: ...

    def near(self, perceptual_hash: int, within: int) -> list[int]:
        """Fingerprint ids."""
        ...

    def identical(self, pixel_sha256: str) -> list[UUID]:
        """Views whose decoded pixels are equal."""
        ...

    def claims_of(self, fingerprints: Iterable[int]) -> dict[int, ViewClaim]:
        """The view of each fingerprint that may be searched, in the order asked for."""
        ...

    def views(self, images: Sequence[UUID]) -> list[View]: ...


def find(seen: Observation, catalogue: Catalogue) -> list[tuple[View, Evidence]]:
    """Every view worth a look, with the evidence for it; one deleted meanwhile has no variants."""
    with stage("search"):
        identical = set(catalogue.identical(seen.pixel_sha256))
        nominated = [*identical, *(i for i in nominate(seen, catalogue) if i not in identical)]
        views = [view for view in catalogue.views(nominated) if view.variants]
    with stage("verify"):
        return [(view, weigh(seen, view, identical=view.image in identical)) for view in views]


def nominate(seen: Observation, catalogue: Catalogue) -> list[UUID]:
    """The views nearest to any region, best first, and those with nearly the same hash."""
    best: dict[int, float] = {}
    for hits in catalogue.search(seen.vectors, NEIGHBOURS):
        for hit in hits:
            best[hit.id] = max(hit.score, best.get(hit.id, -1.0))
    ranked = sorted(best, key=lambda number: -best[number])
    close = catalogue.near(seen.perceptual_hash, HASH_BITS)
    return list(
        dict.fromkeys([*places(catalogue.claims_of(ranked)), *places(catalogue.claims_of(close))])
    )


def places(claims: Mapping[int, ViewClaim]) -> list[UUID]:
    """The first views of each brand, in the order given: verified claimants and others apart."""
    taken: Counter[UUID] = Counter()
    kept: dict[bool, list[UUID]] = {True: [], False: []}
    for claim in dict.fromkeys(claims.values()):
        if taken[claim.brand] < FROM_A_BRAND:
            taken[claim.brand] += 1
            kept[claim.verified].append(claim.view)
    return kept[True][:CANDIDATES] + kept[False][:FROM_UNVERIFIED]


def weigh(seen: Observation, view: View, *, identical: bool = False) -> Evidence:
    """Equal pixels need no verification; everything else does."""
    likeness = {number: seen.vectors @ v.vector for number, v in view.variants.items()}
    by_cosine = sorted(likeness, key=lambda number: -float(likeness[number].max()))
    nearest = by_cosine[0]
    cosine = float(likeness[nearest].max())
    region = seen.regions[int(np.argmax(likeness[nearest]))]
    if identical:
        return Evidence(1.0, WHOLE, "original", None, identical=True)
    name, geometry = confirm(seen, [view.variants[number] for number in by_cosine])
    return Evidence(cosine, region, name or view.variants[nearest].name, geometry)


def confirm(seen: Observation, nearest_first: list[Variant]) -> tuple[str, Geometry | None]:
    """The variant that most points agree on; stops at the first that convinces."""
    best: tuple[str, Geometry | None] = ("", None)
    for variant in nearest_first:
        if variant.features is None:
            continue
        geometry = verify(seen.features, variant.features)
        if geometry and (best[1] is None or geometry.inliers > best[1].inliers):
            best = (variant.name, geometry)
        if geometry and geometry.inliers >= CONVINCING:
            break
    return best
