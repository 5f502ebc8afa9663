"""The cohort of other objects, and how near it comes to a view."""

from pathlib import Path

import numpy as np
import pytest

from vision.channels.background import NEAREST
from vision.channels.object.cohort import NOBODY, Cohort, cohort_path, load_cohort, nearest
from vision.encoders.catalogue import CATALOGUE
from vision.encoders.generation import generation_of

UNIT = np.eye(NEAREST + 2, dtype=np.float32)


def test_the_nearest_of_the_cohort_count() -> None:
    near = np.concatenate([np.tile(UNIT[:1], (NEAREST, 1)), UNIT[2:]])
    assert nearest(near, UNIT[:2]) == pytest.approx(1.0)
    assert nearest(near, UNIT[1:2]) == pytest.approx(0.0)
    assert nearest(NOBODY.things, UNIT[:1]) == 0.0


def test_a_cohort_is_stored_in_bytes(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    whole = Cohort(dice.normal(size=(5, 8)).astype(np.float32), UNIT, "ours")
    whole.save(tmp_path / "cohort.npz")
    read = load_cohort(tmp_path / "cohort.npz", "ours")
    np.testing.assert_allclose(read.likeness, whole.likeness, atol=0.02)
    np.testing.assert_allclose(read.things, whole.things, atol=0.02)
    assert load_cohort(tmp_path / "cohort.npz", "another") is NOBODY


def test_where_there_is_no_file_there_is_nobody(tmp_path: Path) -> None:
    assert load_cohort(tmp_path / "absent.npz", "ours") is NOBODY


def test_the_product_s_cohort_is_of_its_encoders() -> None:
    spec = CATALOGUE["efficientnet-lite2"]
    cohort = load_cohort(cohort_path(), generation_of(spec))
    assert cohort.likeness.shape[1] == CATALOGUE["sscd"].dimension
    assert cohort.things.shape[1] == spec.dimension
    assert len(cohort.things) == len(cohort.likeness) >= 100
