"""What a picture costs is bounded by counts, whatever it shows and whoever registers what."""

from collections.abc import Iterator
from uuid import uuid4

import numpy as np
import pytest

from tests.matchers import channels, described, memory, seen
from tests.pictures import drawn, photograph
from vision.channels.capping import FROM_UNVERIFIED
from vision.channels.copy.again import SPEC as AGAIN
from vision.channels.copy.retrieval import SPEC as RETRIEVAL
from vision.channels.copy.verification import verify_pair
from vision.channels.matching import ROUNDS, Matching
from vision.channels.register import Query
from vision.edits.transforms import resize
from vision.pictures.picture import Picture

# By cosine and by hash; by votes, of verified claimants and of others. docs/operations.md has the sum.
NEAREST = 2 * (RETRIEVAL.by_cosine + FROM_UNVERIFIED)
VOTED = RETRIEVAL.in_place + RETRIEVAL.by_votes + 2 * FROM_UNVERIFIED
FIRST_LOOK = NEAREST + VOTED
MOST = FIRST_LOOK + ROUNDS * (AGAIN.at_a_time + FROM_UNVERIFIED)
BRANDS = 8  # of each product; from the tenth on, a code that all have in common is chance


def products() -> Iterator[Picture]:
    for name in ("astronaut.png", "motorcycle_left.png", "coffee.png", "rocket.jpg", "chelsea.png"):
        yield resize(photograph(name), width=320, height=240)
    for number in range(3):
        yield resize(drawn(number), width=320, height=240)


def test_so_many_pairs_are_verified_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shelf of eight products, each shown twice and each registered by eight brands."""
    register, all_of_them = memory(), list(products())
    for product in all_of_them:
        descriptions = described(product)
        for number in range(BRANDS):
            register.enrol(uuid4(), "", descriptions, uuid4(), verified=number % 4 > 0)
    verified: list[int] = []

    def counted(*args: object, **options: object) -> object:
        verified.append(1)
        return verify_pair(*args, **options)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr("vision.channels.copy.places.verify_pair", counted)
    rows = [np.concatenate([one, one], axis=1) for one in all_of_them]
    shelf = np.concatenate([np.concatenate(rows[:4]), np.concatenate(rows[4:])], axis=1)
    Matching(Query(seen(np.asarray(shelf, np.uint8)), register), channels()).found()
    assert FIRST_LOOK < len(verified) <= MOST


def test_the_bound_is_what_the_operation_page_says() -> None:
    assert (FIRST_LOOK, MOST) == (41, 145)
