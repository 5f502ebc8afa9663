import numpy as np

from detection.matching.distinctiveness.drawings import PLACES, ordinary


def test_ordinary_pictures_are_the_same_at_every_start() -> None:
    drawn_before = [ordinary(place).picture for place in PLACES[::7]]
    ordinary.cache_clear()
    again = [ordinary(place).picture for place in PLACES[::7]]
    for one, other in zip(drawn_before, again, strict=True):
        np.testing.assert_array_equal(one, other)
