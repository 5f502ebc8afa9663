"""Retrieves the registered views that a picture may show: the nearest by vector or by local features."""

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
    """How many views are retrieved. Verifying one costs a few milliseconds."""

    neighbours: int = 200  # fingerprints that each region of the picture retrieves
    looked_at: int = 200  # views of verified claimants that local features vote for
    of_a_brand: int = 40  # of these views, and of a region's neighbours
    # views of verified claimants that are verified for their cosine, nearest first
    by_cosine: int = 6
    by_votes: int = 4  # and for their votes by local features
    hash_bits: int = 8  # of 64 bits by which a retrieved view's perceptual hash may differ


SPEC = RetrievalSpec()


def retrieve(features: ImageFeatures, query: Query) -> dict[UUID, None]:
    """Returns the views with equal pixels, the nearest ones, those that local features vote for, and those
    with nearly the same perceptual hash.
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


def most_voted(
    features: ImageFeatures, owners: Sequence[ViewOwner], register: Register
) -> list[ViewOwner]:
    """Returns those of `owners` that local features vote for, most votes first. Verified claimants and
    others have separate votes, because copies of a picture would otherwise take the few votes of each
    feature.
    """
    ours = listing_codes(features.local)
    found = []
    for group in split_by_standing(owners, most=SPEC.looked_at, of_a_brand=SPEC.of_a_brand):
        counts = votes(ours, register.codes([owner.view for owner in group]))
        found += [group[place] for place in np.argsort(-counts, kind="stable") if counts[place]]
    return found
