"""Each point of a picture is searched once."""

import numpy as np

from lab.calibration.memory import MemoryRegister
from tests.matchers import channels, memory, seen
from tests.vision.channels.scenes import COFFEE, ROCKET, enrol
from vision.channels.copy.searched import SearchedPoints
from vision.channels.register import Query
from vision.geometry.codes import Bits
from vision.index.codes import CodeHits


class Counting(MemoryRegister):
    searched = 0

    def search_codes(self, channel: str, bits: Bits, of_a_brand: int) -> tuple[CodeHits, CodeHits]:
        self.searched += len(bits)
        return super().search_codes(channel, bits, of_a_brand)


def test_points_are_searched_once_and_answered_in_any_order() -> None:
    register = Counting(channels())
    enrol(register, COFFEE)
    local = seen(COFFEE).local
    points = SearchedPoints(local, register)
    points.near(np.arange(10))
    again, _ = points.near(np.array([9, 3, 20]))
    assert register.searched == 11
    alone, _ = SearchedPoints(local, register).near(np.array([9, 3, 20]))
    for name in CodeHits._fields:
        assert np.array_equal(getattr(again, name), getattr(alone, name))


def test_what_is_registered_meanwhile_is_found_by_points_searched_later() -> None:
    register = memory()
    points = SearchedPoints(seen(COFFEE).local, register)
    first, _ = points.near(np.arange(4))
    assert first.ids.shape == (4, 0)
    enrol(register, COFFEE)
    later, others = points.near(np.arange(8))
    assert (later.ids[:4] == -1).all()
    assert (later.ids[4:, 0] > 0).all()
    assert others.ids.shape == (8, 0)


def test_a_picture_s_points_are_kept_with_its_query() -> None:
    query = Query(seen(ROCKET), memory())
    assert SearchedPoints.of_picture(query) is SearchedPoints.of_picture(query)
    assert SearchedPoints.of_picture(query).local is query.features.local
