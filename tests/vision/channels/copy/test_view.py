"""What the copy channel makes of a view once."""

import numpy as np
import pytest

from tests import commonplace
from tests.fake_encoder import FakeEncoder
from tests.pictures import drawn
from tests.vision.channels.scenes import COFFEE, ROCKET
from vision.channels.background import NO_BACKGROUND, Background
from vision.channels.channel import INVERTED, ORIGINAL, ViewDescription
from vision.channels.copy.view import TOO_LITTLE, CopyView, describe_view, load_view
from vision.pictures.hashes import perceptual_hash
from vision.pictures.picture import Picture

BACKGROUND = Background(FakeEncoder().embed([COFFEE])[None])


def described(picture: Picture, background: Background = NO_BACKGROUND) -> ViewDescription:
    return describe_view(picture, FakeEncoder(), background)


def test_a_view_is_enrolled_with_its_negative() -> None:
    original, negative = described(COFFEE).vectors
    assert (original.variant, negative.variant) == (ORIGINAL, INVERTED)
    np.testing.assert_allclose(negative.vector, FakeEncoder().embed([255 - COFFEE])[0])
    assert original.perceptual_hash == perceptual_hash(COFFEE)
    assert original.features
    assert original.codes
    assert original.thumbnail


def test_its_background_score_is_the_same_enrolled_and_loaded() -> None:
    made = described(COFFEE, BACKGROUND)
    view: CopyView = made.view
    loaded = load_view({vector.variant: vector for vector in made.vectors}, BACKGROUND)
    assert loaded
    assert view.background_score == loaded.background_score == pytest.approx(1, abs=1e-5)
    other: CopyView = described(ROCKET, BACKGROUND).view
    assert other.background_score < 0.9


@pytest.mark.parametrize("missing", [ORIGINAL, INVERTED])
def test_without_either_vector_it_is_not_loaded(missing: str) -> None:
    vectors = {vector.variant: vector for vector in described(COFFEE).vectors}
    del vectors[missing]
    assert load_view(vectors, NO_BACKGROUND) is None


def test_a_picture_with_too_little_to_match_on_is_warned_of() -> None:
    assert described(commonplace.disc()).warnings == [TOO_LITTLE]
    assert described(drawn(1)).warnings == []
