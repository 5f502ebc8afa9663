"""A logo that ordinary pictures contain by chance is known before it causes an alert."""

from pathlib import Path

import numpy as np
import pytest

from tests.logos import crescent, letter, two_bars
from vision.channels.logo.channel import SPEC, LogoChannel
from vision.channels.logo.cohort import NO_COHORT, Cohort, load_cohort
from vision.channels.logo.shapes import Shape, shape_of
from vision.encoders.catalogue import load_encoder
from vision.pictures.picture import Picture

ENCODER = load_encoder("logo")


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_cohort(ENCODER.spec)


def shape(picture: Picture) -> Shape:
    found = shape_of(picture)
    assert found
    return found


def score(cohort: Cohort, logo: Picture) -> float:
    channel = LogoChannel(ENCODER)
    form = shape(logo)
    return cohort.score(form, channel.vector_of(form), channel.vector_of(form.mirrored))


def test_a_plain_logo_lies_on_ordinary_pictures_and_a_rich_one_does_not(cohort: Cohort) -> None:
    plain, rich = score(cohort, two_bars()), score(cohort, letter())
    assert plain > 1.2 * rich
    assert rich < SPEC.too_plain


def test_the_score_is_the_same_each_time(cohort: Cohort) -> None:
    assert score(cohort, crescent()) == score(cohort, crescent())


def test_without_a_cohort_nothing_is_normalised() -> None:
    assert score(NO_COHORT, letter()) == 0


def test_a_cohort_is_loaded_as_it_was_saved(cohort: Cohort, tmp_path: Path) -> None:
    few = Cohort(cohort.vectors[:5], cohort.pictures[:5])
    few.save(tmp_path / "few.npz")
    loaded = Cohort.load(tmp_path / "few.npz")
    assert list(loaded.pictures) == list(few.pictures)
    assert np.abs(loaded.vectors - few.vectors).max() < 0.005


def test_the_shipped_cohort_stays_small(cohort: Cohort) -> None:
    assert len(cohort.pictures) == len(cohort.vectors)
    assert sum(map(len, cohort.pictures)) < 3_000_000
