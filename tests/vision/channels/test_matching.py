"""Nominated by vectors and hashes, confirmed by geometry."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar
from uuid import UUID, uuid4

import numpy as np
import pytest
from vision.channels.encoders import Lanes
from vision.channels.evidence import (
    FROM_A_BRAND,
    FROM_UNVERIFIED,
    Evidence,
    View,
    ViewClaim,
    find,
    looked_at,
    nearest,
    nominate_marks,
    places,
    voted_for,
)
from vision.channels.fingerprinting import LanePrint, ViewPrint, lane_prints_of, prints_of

from lab.calibration.memory import MemoryCatalogue
from tests.fake_encoder import FakeEncoder, OfThings
from tests.matchers import BY_HAND, decoded, memory, seen
from tests.pictures import drawn, photograph
from vision.channels.image_features import ImageFeatures
from vision.edits import transforms as edits
from vision.encoders.base import Vectors
from vision.geometry.codes import Codes
from vision.geometry.regions import WHOLE
from vision.index.base import Hit
from vision.pictures.decode import Picture
from vision.pictures.hashes import perceptual_hash
from vision.pictures.resize import fit

COFFEE, ROCKET = (fit(photograph(name), longest=400) for name in ("coffee.png", "rocket.jpg"))


class Blind(MemoryCatalogue):
    """Its vector search finds nothing."""

    def search(self, vectors: Vectors, k: int, of_a_brand: int) -> list[list[Hit]]:
        return [hits[:0] for hits in super().search(vectors, k, of_a_brand)]


class Confused(MemoryCatalogue):
    """Its vectors rank what was enrolled first behind all others."""

    def search(self, vectors: Vectors, k: int, of_a_brand: int) -> list[list[Hit]]:
        return [
            [hit._replace(score=float(hit.id)) for hit in hits]
            for hits in super().search(vectors, k, of_a_brand)
        ]


def enrol(into: MemoryCatalogue, picture: Picture) -> UUID:
    image = uuid4()
    into.enrol(image, decoded(picture).pixel_sha256, prints_of(picture, FakeEncoder()))
    return image


def evidence_for(image: UUID, picture: Picture, catalogue: MemoryCatalogue) -> Evidence:
    return {view.image: found for view, found in find(seen(picture), catalogue)}[image]


@pytest.fixture(scope="module")
def coffee() -> UUID:
    return uuid4()


@pytest.fixture(scope="module")
def catalogue(coffee: UUID) -> MemoryCatalogue:
    made = memory()
    made.enrol(coffee, decoded(COFFEE).pixel_sha256, prints_of(COFFEE, FakeEncoder()))
    for other in (ROCKET, photograph("astronaut.png"), drawn(3)):
        enrol(made, other)
    return made


def test_identical_pixels_need_no_verification(catalogue: MemoryCatalogue, coffee: UUID) -> None:
    found = evidence_for(coffee, COFFEE, catalogue)
    assert found == Evidence(1.0, WHOLE, identical=True)


def test_one_pixel_changed_is_verified(catalogue: MemoryCatalogue, coffee: UUID) -> None:
    picture = COFFEE.copy()
    picture[5, 5] ^= 1
    found = evidence_for(coffee, picture, catalogue)
    assert not found.identical
    assert found.inliers > 100


def test_identical_pixels_are_found_even_where_the_search_finds_nothing() -> None:
    blind = Blind(FakeEncoder.spec.dimension)
    image = enrol(blind, COFFEE)
    assert evidence_for(image, COFFEE, blind).identical


def test_the_same_pixels_registered_twice_are_both_found() -> None:
    twice = memory()
    images = {enrol(twice, COFFEE), enrol(twice, COFFEE)}
    assert {view.image for view, found in find(seen(COFFEE), twice) if found.identical} == images


@pytest.mark.parametrize(
    ("edited", "appearance"),
    [
        (edits.mirror(COFFEE), "mirrored"),
        (edits.rotate(edits.mirror(COFFEE), degrees=12), "mirrored"),
        (edits.as_picture(255 - COFFEE), "inverted"),
        (edits.rotate(COFFEE, degrees=20), "original"),
        (np.ascontiguousarray(np.rot90(COFFEE)), "original"),
        (edits.shift_hue(COFFEE, degrees=60), "original"),
        (edits.crop(COFFEE, area=0.35), "original"),
        (edits.tilt(COFFEE, degrees=35, axis="vertical"), "original"),
        (edits.write_over(COFFEE, text="SPECIAL OFFER"), "original"),
    ],
    ids=["mirror", "mirror-turn", "invert", "rotate", "turn", "hue", "crop", "tilt", "text"],
)
def test_an_edited_copy_is_confirmed_in_the_appearance_that_fits(
    catalogue: MemoryCatalogue, coffee: UUID, edited: Picture, appearance: str
) -> None:
    found = evidence_for(coffee, edited, catalogue)
    assert found.appearance == appearance
    assert found.inliers > 40


def test_a_pasted_copy_is_found_in_its_window(catalogue: MemoryCatalogue, coffee: UUID) -> None:
    scene = edits.resize(drawn(9), width=640, height=480)
    pasted = edits.paste(COFFEE, scene, area=0.25, x=1.0, y=1.0)
    found = evidence_for(coffee, pasted, catalogue)
    assert (found.region.left, found.region.top) == (0.5, 0.5)
    assert found.inliers > 40


def test_an_unrelated_picture_is_not_confirmed(catalogue: MemoryCatalogue) -> None:
    for _, found in find(seen(drawn(77, width=480, height=320)), catalogue):
        assert found.inliers <= 8
        assert not found.identical


def test_a_hash_hit_only_nominates() -> None:
    """However near the hash, an unrelated view gets the evidence that it deserves."""

    class Misled(Blind):
        def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
            return super().near(perceptual_hash, within + 64, most, of_a_brand)

    misled = Misled(FakeEncoder.spec.dimension)
    image = enrol(misled, ROCKET)
    found = evidence_for(image, COFFEE, misled)
    assert not found.identical
    assert found.inliers <= 8
    assert BY_HAND.similarity(found) < 85


def test_a_near_hash_nominates_what_the_search_missed() -> None:
    blind = Blind(FakeEncoder.spec.dimension)
    image = enrol(blind, COFFEE)
    smaller = edits.resize(COFFEE, width=320, height=214)
    assert (perceptual_hash(smaller) ^ perceptual_hash(COFFEE)).bit_count() <= 8
    assert evidence_for(image, smaller, blind).inliers > 100


def test_local_features_nominate_what_vectors_rank_behind_others() -> None:
    confused = Confused(FakeEncoder.spec.dimension)
    image = enrol(confused, COFFEE)
    for number in range(20):
        enrol(confused, drawn(number))
    assert evidence_for(image, edits.rotate(COFFEE, degrees=20), confused).inliers > 100


def test_verified_claimants_and_others_are_voted_for_apart() -> None:
    class Crowded(MemoryCatalogue):
        """All but the first view are of brands that nobody verified."""

        asked: ClassVar[list[set[UUID]]] = []

        def claims_of(self, fingerprints: Iterable[int]) -> dict[int, ViewClaim]:
            found = super().claims_of(fingerprints).items()
            return {number: replace(claim, verified=number <= 2) for number, claim in found}

        def codes(self, images: Sequence[UUID]) -> list[Codes]:
            self.asked.append(set(images))
            return super().codes(images)

    crowded = Crowded(FakeEncoder.spec.dimension)
    owner = enrol(crowded, COFFEE)
    copies = {enrol(crowded, edits.rotate(COFFEE, degrees=20)) for _ in range(12)}
    assert evidence_for(owner, edits.rotate(COFFEE, degrees=20), crowded).inliers > 100
    assert crowded.asked == [{owner}, copies]


def test_nothing_registered_gives_no_evidence() -> None:
    assert find(seen(COFFEE), memory()) == []


def test_a_view_deleted_meanwhile_is_passed_over(catalogue: MemoryCatalogue) -> None:
    class Deleted(MemoryCatalogue):
        def views(self, images: Sequence[UUID]) -> list[View]:
            return super().views(images[:0])

    deleted = Deleted(FakeEncoder.spec.dimension)
    enrol(deleted, COFFEE)
    assert find(seen(COFFEE), deleted) == []


def test_the_same_picture_gets_the_same_evidence(catalogue: MemoryCatalogue, coffee: UUID) -> None:
    edited = edits.rotate(COFFEE, degrees=12)
    one, other = (evidence_for(coffee, edited, catalogue) for _ in range(2))
    assert (one.cosine, one.inliers, one.appearance) == (
        other.cosine,
        other.inliers,
        other.appearance,
    )


def claims(brand: UUID, count: int, *, verified: bool = True) -> list[ViewClaim]:
    return [ViewClaim(uuid4(), brand, verified) for _ in range(count)]


def test_nobody_fills_the_places_by_registering_one_picture_many_times() -> None:
    greedy, other = uuid4(), claims(uuid4(), 1)
    chosen = places(claims(greedy, 50) + other, 10)
    assert len(chosen) == FROM_A_BRAND + 1
    assert chosen[-1] == other[0].view


def test_unverified_claimants_take_no_place_from_verified_ones() -> None:
    crowd = [claim for _ in range(20) for claim in claims(uuid4(), 1, verified=False)]
    verified = claims(uuid4(), 1)
    chosen = places(crowd + verified, 10)
    assert chosen[0] == verified[0].view
    assert len(chosen) == 1 + FROM_UNVERIFIED


# --- look-alikes by the thousand, of whoever -----------------------------------------------------
MANY = 1_000
WHOSE = pytest.mark.parametrize("verified", [False, True], ids=["others", "a verified brand"])


def registered_by_the_thousand(
    into: MemoryCatalogue,
    prints: ViewPrint,
    in_lanes: LanePrint = LanePrint(),  # noqa: B008 - frozen
    *,
    verified: bool,
) -> None:
    """Nobody verified its many brands, or it is one that was verified."""
    one = uuid4()
    for _ in range(MANY):
        brand = one if verified else uuid4()
        into.enrol(uuid4(), "theirs", prints, brand, in_lanes, verified=verified)


def as_a_whole(picture: Picture) -> ImageFeatures:
    """Without its windows, of which one or the other may show more of the owner's."""
    made = seen(picture)
    return replace(made, regions=made.regions[:1], vectors=made.vectors[:1])


@WHOSE
def test_look_alikes_take_no_place_among_the_nearest(*, verified: bool) -> None:
    crowded, listing = memory(), edits.rotate(COFFEE, degrees=20)
    owner = enrol(crowded, COFFEE)
    registered_by_the_thousand(crowded, prints_of(listing, FakeEncoder()), verified=verified)
    found = {view.image: said for view, said in find(as_a_whole(listing), crowded)}
    assert found[owner].inliers > 100
    assert len(found) <= 1 + 3 * FROM_A_BRAND


@WHOSE
def test_look_alikes_leave_others_their_vote(*, verified: bool) -> None:
    """By its vector the owner's view is behind all of them."""
    crowded, listing = memory(), edits.rotate(COFFEE, degrees=20)
    owner = enrol(crowded, COFFEE)
    theirs = replace(
        prints_of(ROCKET, FakeEncoder()), vector=prints_of(listing, FakeEncoder()).vector
    )
    registered_by_the_thousand(crowded, theirs, verified=verified)
    near = nearest(as_a_whole(listing), crowded)
    assert owner in {claim.view for claim in voted_for(seen(listing), list(near), crowded)}


@WHOSE
def test_look_alikes_take_no_place_in_the_object_lane(*, verified: bool) -> None:
    crowded, owner = memory(), uuid4()
    lanes = Lanes(objects=OfThings())
    turned = edits.resize(edits.resize(COFFEE, width=30, height=20), width=300, height=200)
    mine, theirs = (lane_prints_of(one, "object", lanes) for one in (COFFEE, turned))
    crowded.enrol(owner, "mine", prints_of(COFFEE, FakeEncoder()), in_lanes=mine)
    prints = prints_of(turned, FakeEncoder())
    registered_by_the_thousand(crowded, prints, theirs, verified=verified)
    asked: list[int] = []
    views = crowded.views
    crowded.views = lambda images: asked.append(len(images)) or views(images)  # type: ignore[func-returns-value,method-assign]
    found = {view.image: said for view, said in find(seen(turned), crowded, lanes)}
    assert found[owner].solid
    assert max(asked) < 20  # whole views that are loaded


@WHOSE
def test_look_alikes_take_no_place_in_the_mark_lane(*, verified: bool) -> None:
    crowded, owner = memory(), uuid4()
    window, near, far = (np.array(v, np.float32) for v in ([[1, 0]], [0.8, 0.6], [0, 1]))
    prints = prints_of(drawn(1), FakeEncoder())
    crowded.enrol(owner, "mine", prints, in_lanes=LanePrint(mark=near, mirrored_mark=far))
    theirs = LanePrint(mark=window[0], mirrored_mark=window[0])
    registered_by_the_thousand(crowded, prints, theirs, verified=verified)
    nominated = nominate_marks([WHOLE], window, crowded)
    assert owner in {claim.view for claim in nominated}
    assert len(nominated) <= 1 + FROM_A_BRAND


def test_marks_of_others_take_no_second_look_from_verified_claimants() -> None:
    crowd = [claim for _ in range(20) for claim in claims(uuid4(), 1, verified=False)]
    mine = claims(uuid4(), 1)
    assert looked_at(crowd + mine) == (mine, crowd)
