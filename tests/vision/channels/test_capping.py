from uuid import uuid4

from tests.vision.channels.scenes import owners
from vision.channels.capping import (
    FROM_A_BRAND,
    FROM_UNVERIFIED,
    cap_per_brand,
    split_by_standing,
)


def test_nobody_fills_the_places_by_registering_one_picture_many_times() -> None:
    greedy, other = uuid4(), owners(uuid4(), 1)
    chosen = cap_per_brand(owners(greedy, 50) + other, 10)
    assert len(chosen) == FROM_A_BRAND + 1
    assert chosen[-1] == other[0].view


def test_unverified_claimants_take_no_place_from_verified_ones() -> None:
    crowd = [owner for _ in range(20) for owner in owners(uuid4(), 1, verified=False)]
    verified = owners(uuid4(), 1)
    chosen = cap_per_brand(crowd + verified, 10)
    assert chosen[0] == verified[0].view
    assert len(chosen) == 1 + FROM_UNVERIFIED


def test_verified_claimants_and_others_are_asked_more_of_apart() -> None:
    crowd = [owner for _ in range(20) for owner in owners(uuid4(), 1, verified=False)]
    mine = owners(uuid4(), 1)
    assert split_by_standing(crowd + mine, most=200, of_a_brand=40) == (mine, crowd)
