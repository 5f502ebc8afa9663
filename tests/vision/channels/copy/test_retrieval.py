"""Views are retrieved by vectors, hashes and local features; nobody takes others' places."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import numpy as np
import pytest

from lab.calibration.memory import MemoryRegister
from tests.matchers import (
    COPY_BY_HAND,
    channels,
    described,
    found_in,
    memory,
    seen,
)
from tests.pictures import drawn
from tests.vision.channels.scenes import (
    COFFEE,
    ROCKET,
    as_a_whole,
    by_image,
    enrol,
    registered_by_the_thousand,
)
from vision.channels.capping import FROM_A_BRAND
from vision.channels.channel import ViewDescription
from vision.channels.copy import NAME
from vision.channels.copy.retrieval import Voted, by_votes, most_voted
from vision.channels.copy.searched import SearchedPoints
from vision.channels.copy.strength import similarity
from vision.channels.copy.verification import CopyMatch
from vision.channels.matching import match_image
from vision.edits import transforms as edits
from vision.encoders.base import Vectors
from vision.index.base import Hit
from vision.pictures.hashes import perceptual_hash
from vision.pictures.picture import Picture


class Blind(MemoryRegister):
    """Its vector search finds nothing."""

    def search(
        self,
        channel: str,
        vectors: Vectors,
        k: int,
        of_a_brand: int,
        at_least: float = -1.0,
    ) -> list[list[Hit]]:
        found = super().search(channel, vectors, k, of_a_brand, at_least)
        return [hits[:0] for hits in found]


class Confused(MemoryRegister):
    """Its vectors rank what was enrolled first behind all others."""

    def search(
        self,
        channel: str,
        vectors: Vectors,
        k: int,
        of_a_brand: int,
        at_least: float = -1.0,
    ) -> list[list[Hit]]:
        return [
            [hit._replace(score=float(hit.id)) for hit in hits]
            for hits in super().search(channel, vectors, k, of_a_brand, at_least)
        ]


def match_of(image: UUID, picture: Picture, register: MemoryRegister) -> CopyMatch:
    match: CopyMatch = by_image(found_in(picture, register))[image].findings[NAME]
    return match


def test_identical_pixels_are_found_even_where_the_search_finds_nothing() -> None:
    blind = Blind(channels())
    image = enrol(blind, COFFEE)
    assert match_of(image, COFFEE, blind).identical


def test_the_same_pixels_registered_twice_are_both_found() -> None:
    twice = memory()
    images = {enrol(twice, COFFEE), enrol(twice, COFFEE)}
    found = found_in(COFFEE, twice)
    assert {view.image for view, evidence in found if evidence.identical} == images


def test_a_hash_hit_only_retrieves() -> None:
    """However near the hash, an unrelated view gets the evidence that it deserves."""

    class Misled(Blind):
        def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
            return super().near(perceptual_hash, within + 64, most, of_a_brand)

    misled = Misled(channels())
    image = enrol(misled, ROCKET)
    found = match_of(image, COFFEE, misled)
    assert not found.identical
    assert found.inliers <= 8
    assert similarity(found, COPY_BY_HAND) < 85


def test_a_near_hash_retrieves_what_the_search_missed() -> None:
    blind = Blind(channels())
    image = enrol(blind, COFFEE)
    smaller = edits.resize(COFFEE, width=320, height=214)
    assert (perceptual_hash(smaller) ^ perceptual_hash(COFFEE)).bit_count() <= 8
    assert match_of(image, smaller, blind).inliers > 100


def test_local_features_retrieve_what_vectors_rank_behind_others() -> None:
    confused = Confused(channels())
    image = enrol(confused, COFFEE)
    for number in range(20):
        enrol(confused, drawn(number))
    assert match_of(image, edits.rotate(COFFEE, degrees=20), confused).inliers > 100


def test_verified_claimants_and_others_are_voted_for_apart() -> None:
    register, listing = memory(), edits.rotate(COFFEE, degrees=20)
    owner = enrol(register, COFFEE)
    for _ in range(12):
        image = uuid4()
        register.enrol(image, "", described(listing), verified=False)
    voted = votes_for(listing, register)
    assert [one.owner.view for one in voted if one.owner.verified] == [owner]
    assert sum(not one.owner.verified for one in voted) == 12


def votes_for(listing: Picture, register: MemoryRegister) -> list[Voted]:
    return most_voted(SearchedPoints(seen(listing).local, register), np.arange(500))


# --- look-alikes by the thousand, of whoever -----------------------------------------------------
WHOSE = pytest.mark.parametrize("verified", [False, True], ids=["others", "a verified brand"])


@WHOSE
def test_look_alikes_take_no_place_among_the_nearest(*, verified: bool) -> None:
    crowded, listing = memory(), edits.rotate(COFFEE, degrees=20)
    owner = enrol(crowded, COFFEE)
    registered_by_the_thousand(crowded, described(listing), verified=verified)
    found = by_image(match_image(as_a_whole(listing), crowded, channels()))
    assert found[owner].findings[NAME].inliers > 100
    assert len(found) <= 1 + 3 * FROM_A_BRAND


@WHOSE
def test_look_alikes_leave_others_their_vote(*, verified: bool) -> None:
    """By its vector the owner's view is behind all of them."""
    crowded, listing = memory(), edits.rotate(COFFEE, degrees=20)
    owner = enrol(crowded, COFFEE)
    registered_by_the_thousand(crowded, with_vector_of(listing, ROCKET), verified=verified)
    chosen = list(by_votes(votes_for(listing, crowded)))
    assert owner in chosen
    assert len(chosen) <= 1 + 3 * FROM_A_BRAND


def with_vector_of(picture: Picture, other: Picture) -> Mapping[str, ViewDescription]:
    """What is made of `other`, but for the vector, which is that of `picture`."""
    original, *further = described(other)[NAME].vectors
    nearer = replace(original, vector=described(picture)[NAME].vectors[0].vector)
    return {NAME: replace(described(other)[NAME], vectors=[nearer, *further])}
