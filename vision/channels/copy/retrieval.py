"""Retrieves the registered views that a picture may show: the nearest by vector or by local features."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vision.channels.capping import FROM_A_BRAND, FROM_UNVERIFIED, cap_per_brand
from vision.channels.copy import NAME
from vision.channels.copy.searched import SearchedPoints
from vision.channels.copy.votes import SPEC as VOTES
from vision.channels.copy.votes import Votes, votes
from vision.channels.image_features import ImageFeatures
from vision.channels.register import Query, Register, ViewOwner
from vision.geometry.codes import SPEC as CODES


@dataclass(frozen=True)
class RetrievalSpec:
    """How many views are retrieved. Verifying one costs a few milliseconds."""

    neighbours: int = 200  # fingerprints that each region of the picture retrieves
    looked_at: int = 200
    of_a_brand: int = 40  # of a region's neighbours
    # Views of verified claimants that are verified for their cosine, nearest first,
    by_cosine: int = 3
    by_votes: int = 3  # for their votes,
    agreeing: int = 4  # for those of their votes that agree on a place,
    in_place: int = 24  # and all whose votes clearly agree on a place
    shared: float = 0.5  # share of their points from which two views lie in the same place
    hash_bits: int = 8  # of 64 bits by which a retrieved view's perceptual hash may differ


SPEC = RetrievalSpec()
VOTED = f"{NAME}: voted"


def retrieve(features: ImageFeatures, query: Query) -> dict[UUID, None]:
    """Returns the views with equal pixels, the nearest ones, those that local features vote for, and those
    with nearly the same perceptual hash.
    """
    near, register = nearest(query), query.register
    close = register.owners_of(
        register.near(features.perceptual_hash, SPEC.hash_bits, SPEC.looked_at, SPEC.of_a_brand)
    ).values()
    strongest = np.arange(min(CODES.of_a_listing, len(features.local)))
    voted = most_voted(SearchedPoints.of_picture(query), strongest)
    query.shared[VOTED] = voted
    return dict.fromkeys(
        [
            *query.identical,
            *cap_per_brand(near, SPEC.by_cosine),
            *by_votes(voted),
            *cap_per_brand(dict.fromkeys(close), SPEC.by_cosine),
        ]
    )


def nearest(query: Query) -> Mapping[ViewOwner, float]:
    """Returns the views nearest to any region with their cosine, best first. Searches once a picture."""
    if NAME not in query.shared:
        query.shared[NAME] = search(query.features, query.register)
    found: Mapping[ViewOwner, float] = query.shared[NAME]
    return found


def search(features: ImageFeatures, register: Register) -> dict[ViewOwner, float]:
    best: dict[int, float] = {}
    for hits in register.search(NAME, features.vectors, SPEC.neighbours, SPEC.of_a_brand):
        for hit in hits:
            best[hit.id] = max(hit.score, best.get(hit.id, -1.0))
    ranked = sorted(best, key=lambda number: -best[number])
    near: dict[ViewOwner, float] = {}
    for number, owner in register.owners_of(ranked).items():
        near.setdefault(owner, best[number])
    return near


@dataclass(frozen=True)
class Voted:
    owner: ViewOwner
    votes: Votes


def most_voted(points: SearchedPoints, chosen: NDArray[np.int64], places: int = 1) -> list[Voted]:
    """Returns the views that these of a picture's points vote for: first those whose votes agree on a
    place, most agreeing first. Verified claimants and others have separate votes. A view has an item for each
    of up to so many places.
    """
    found = [
        voted for hits in points.near(chosen) for voted in votes(hits, points.local, chosen, places)
    ]
    owners = points.register.owners_of([one.fingerprint for one in found])
    known = [Voted(owners[one.fingerprint], one) for one in found if one.fingerprint in owners]
    return sorted(known, key=lambda one: (-one.votes.agreeing, -one.votes.weight))


def by_votes(voted: Sequence[Voted]) -> Iterator[UUID]:
    """Yields the views to verify. Each brand has its share in every place of the picture, so that goods
    beside each other are all found, and look-alikes of one brand fill no place.
    """
    ours, theirs = by_standing(voted)
    for some, first, most in (
        (ours, SPEC.agreeing, SPEC.in_place),
        (theirs, FROM_UNVERIFIED, FROM_UNVERIFIED),
    ):
        yield from (one.owner.view for one in in_place(some, first, most))
        yield from cap_per_brand(heaviest(some), SPEC.by_votes)


def by_standing(voted: Sequence[Voted]) -> tuple[list[Voted], list[Voted]]:
    """Returns the views of verified claimants, and those of others."""
    return (
        [one for one in voted if one.owner.verified],
        [one for one in voted if not one.owner.verified],
    )


def in_place(voted: Sequence[Voted], first: int, most: int) -> list[Voted]:
    """Returns the first ones, and up to `most` whose votes clearly agree."""
    kept: list[Voted] = []
    for one in voted:
        if len(kept) == most or (len(kept) >= first and one.votes.agreeing < VOTES.clearly):
            break
        brand = one.owner.brand
        rivals = [other for other in kept if other.owner.brand == brand and overlap(one, other)]
        if len(rivals) < FROM_A_BRAND:
            kept.append(one)
    return kept


def overlap(one: Voted, other: Voted) -> bool:
    """Whether most of the points that agree on one view agree on the other too."""
    shared = one.votes.places & other.votes.places
    return len(shared) >= SPEC.shared * one.votes.agreeing


def heaviest(voted: Sequence[Voted]) -> list[ViewOwner]:
    return [one.owner for one in sorted(voted, key=lambda one: -one.votes.weight)]
