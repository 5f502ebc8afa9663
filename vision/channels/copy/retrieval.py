"""Which registered views a picture may show: the nearest by vectors, and those with most votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from vision.channels.capping import cap_per_brand, split_by_standing
from vision.channels.copy import NAME
from vision.channels.image_features import ImageFeatures
from vision.channels.register import Query, Register, ViewOwner
from vision.geometry.codes import listing_codes, votes


@dataclass(frozen=True)
class RetrievalSpec:
    """How many are looked at. A view costs a few milliseconds to verify."""

    neighbours: int = 200  # fingerprints a region of the picture nominates
    looked_at: int = 200  # views of which more than their place is asked, of verified claimants
    of_a_brand: int = 40  # of these and of a region's neighbours
    by_cosine: int = 6  # views of verified claimants that are verified, nearest first
    by_votes: int = 4  # and by the votes of local features
    hash_bits: int = 8  # of 64 that a nominated view's perceptual hash may differ in


SPEC = RetrievalSpec()


def retrieve(features: ImageFeatures, query: Query) -> dict[UUID, None]:
    """Views with equal pixels, the nearest, those that local features vote for, and those with nearly
    the same perceptual hash.
    """
    near, register = nearest(query), query.register
    close = register.owners_of(
        register.near(features.perceptual_hash, SPEC.hash_bits, SPEC.looked_at, SPEC.of_a_brand)
    ).values()
    return dict.fromkeys(
        [
            *query.identical,
            *cap_per_brand(near, SPEC.by_cosine),
            *cap_per_brand(most_voted(features, list(near), register), SPEC.by_votes),
            *cap_per_brand(dict.fromkeys(close), SPEC.by_cosine),
        ]
    )


def nearest(query: Query) -> Mapping[ViewOwner, float]:
    """The views nearest to any region, best first, with the cosine. Searched once a picture."""
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


def most_voted(
    features: ImageFeatures, owners: Sequence[ViewOwner], register: Register
) -> list[ViewOwner]:
    """Those of `owners` that any local feature votes for, most votes first. Verified claimants and
    others are voted for apart: a feature's votes go to its nearest few, which copies of a picture
    would take from it.
    """
    ours = listing_codes(features.local)
    found = []
    for group in split_by_standing(owners, most=SPEC.looked_at, of_a_brand=SPEC.of_a_brand):
        counts = votes(ours, register.codes([owner.view for owner in group]))
        found += [group[place] for place in np.argsort(-counts, kind="stable") if counts[place]]
    return found
