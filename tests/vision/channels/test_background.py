from pathlib import Path

import numpy as np
import pytest

from vision.channels.background import NO_BACKGROUND, Background
from vision.encoders.base import Vectors


def pictures(*cosines: float) -> Background:
    """Of two regions each, the second of which has that cosine with `SIDE`."""
    far = np.array([0.0, 0.0, 1.0])
    return Background(np.array([[far, [c, (1 - c * c) ** 0.5, 0.0]] for c in cosines], np.float32))


SIDE: Vectors = np.array([1.0, 0.0, 0.0], np.float32)
AWAY: Vectors = np.array([0.0, 0.0, -1.0], np.float32)


def test_the_floor_is_what_the_ten_nearest_pictures_reach() -> None:
    made = pictures(*[0.1] * 30, *[0.5] * 10)
    assert made.floor(SIDE, AWAY) == pytest.approx(0.5)


def test_a_view_counts_with_its_negative() -> None:
    assert pictures(0.5).floor(AWAY, SIDE) == pytest.approx(0.5)


def test_a_view_unlike_anything_has_its_floor_at_nought() -> None:
    assert pictures(0.0).floor(AWAY, AWAY) == 0
    assert NO_BACKGROUND.floor(SIDE, AWAY) == 0


def test_it_comes_back_from_its_file_to_a_hundredth(tmp_path: Path) -> None:
    made = pictures(0.2, 0.9)
    made.save(tmp_path / "made.npz")
    read = Background.load(tmp_path / "made.npz")
    np.testing.assert_allclose(read.vectors, made.vectors, atol=0.01)
