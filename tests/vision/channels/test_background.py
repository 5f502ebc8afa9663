from pathlib import Path

import numpy as np
import pytest

from vision.channels import calibration
from vision.channels.background import NO_BACKGROUND, Background, load_background
from vision.channels.calibration import NotCalibrated, calibration_path
from vision.encoders.base import EncoderSpec, Vectors
from vision.encoders.catalogue import CATALOGUE


def pictures(*cosines: float) -> Background:
    """Of two regions each, the second of which has that cosine with `SIDE`."""
    far = np.array([0.0, 0.0, 1.0])
    return Background(np.array([[far, [c, (1 - c * c) ** 0.5, 0.0]] for c in cosines], np.float32))


SIDE: Vectors = np.array([1.0, 0.0, 0.0], np.float32)
AWAY: Vectors = np.array([0.0, 0.0, -1.0], np.float32)


def test_the_score_is_what_the_ten_nearest_pictures_reach() -> None:
    made = pictures(*[0.1] * 30, *[0.5] * 10)
    assert made.score(SIDE, AWAY) == pytest.approx(0.5)


def test_a_view_counts_with_its_negative() -> None:
    assert pictures(0.5).score(AWAY, SIDE) == pytest.approx(0.5)


def test_a_view_unlike_anything_has_a_score_of_nought() -> None:
    assert pictures(0.0).score(AWAY, AWAY) == 0
    assert NO_BACKGROUND.score(SIDE, AWAY) == 0


def test_it_comes_back_from_its_file_to_a_hundredth(tmp_path: Path) -> None:
    made = pictures(0.2, 0.9)
    made.save(tmp_path / "made.npz")
    read = Background.load(tmp_path / "made.npz")
    np.testing.assert_allclose(read.vectors, made.vectors, atol=0.01)


@pytest.mark.parametrize(
    "spec",
    [spec for spec in CATALOGUE.values() if calibration_path(spec).exists()],
    ids=lambda spec: spec.name,
)
def test_a_calibration_without_its_background_refuses_to_serve(
    spec: EncoderSpec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    somewhere = np.full(spec.dimension, spec.dimension**-0.5, np.float32)
    assert 0 <= load_background(spec).score(somewhere, somewhere) < 1
    another = tmp_path / "another.npz"
    another.write_bytes(b"another")
    monkeypatch.setattr(calibration, "background_path", lambda _: another)
    load_background.cache_clear()
    with pytest.raises(NotCalibrated):
        load_background(spec)
    load_background.cache_clear()
