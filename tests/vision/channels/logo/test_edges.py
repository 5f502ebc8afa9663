import numpy as np
import pytest

from tests.logos import letter
from tests.pictures import photograph
from vision.channels.logo.edges import edges_of
from vision.pictures.picture import Picture


@pytest.mark.parametrize(
    "picture", [letter(), photograph("coffee.png")], ids=["logo", "photograph"]
)
def test_edges_are_the_same_in_the_negative(picture: Picture) -> None:
    assert np.abs(edges_of(picture) - edges_of(np.asarray(255 - picture, np.uint8))).max() < 0.02


def test_edges_have_half_of_the_size_and_a_limited_strength() -> None:
    found = edges_of(letter())
    assert found.shape == (100, 100, 4)
    assert 0 <= found.min() < 0.01
    assert 0.5 < found.max() <= 1


def test_a_plain_colour_has_no_edges() -> None:
    assert edges_of(np.full((80, 80, 3), 90, np.uint8)).max() < 1e-6


def test_an_edge_counts_in_its_own_direction() -> None:
    upright = np.zeros((80, 80, 3), np.uint8)
    upright[:, 40:] = 255
    across, _, down, _ = edges_of(upright).sum(axis=(0, 1))
    flat, _, steep, _ = edges_of(np.ascontiguousarray(upright.transpose(1, 0, 2))).sum(axis=(0, 1))
    assert across > 10 * down
    assert steep > 10 * flat
