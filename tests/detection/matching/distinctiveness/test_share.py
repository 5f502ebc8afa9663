"""When a share of ordinary listings is too much."""

from collections.abc import Sequence

import numpy as np
import pytest

from detection.matching.distinctiveness.drawings import PLACES
from detection.matching.distinctiveness.share import (
    FIRST,
    MAX_DRAWN,
    Forecast,
    by_glance,
    by_listings,
    by_match,
)
from tests import commonplace
from tests.fake_encoder import FakeEncoder
from tests.pictures import drawn, photograph
from vision.channels.image_features import ImageFeatures, extract_features
from vision.encoders.base import Vectors
from vision.pictures.decode import Decoded
from vision.pictures.picture import Picture

DIFFERENT = list(np.eye(8, dtype=np.float32))
ALIKE = [DIFFERENT[0]] * 8
SEEN = extract_features(Decoded(drawn(), "PNG", ""), FakeEncoder(), FakeEncoder())


@pytest.mark.parametrize("name", commonplace.COMMONPLACE)
def test_what_everybody_has_is_refused_with_the_share_that_has_it(name: str) -> None:
    forecast = by_glance(commonplace.COMMONPLACE[name]())
    assert forecast.error
    assert forecast.error["code"] == "too_common"
    assert f"{forecast.share:.0%} of ordinary listings" in forecast.error["message"]
    assert forecast.error["remedy"].startswith("Register ")


@pytest.mark.parametrize(
    "picture",
    [
        drawn(1),
        photograph("coffee.png"),
        photograph("logo.png"),
        commonplace.disc(),
        commonplace.white_shirt("ACME"),
        commonplace.motif(strong=True),
    ],
    ids=["drawn", "photograph", "logo", "disc", "printed-shirt", "textile"],
)
def test_what_is_somebody_s_is_not(picture: Picture) -> None:
    assert by_glance(picture).error is None


@pytest.mark.parametrize(
    ("matched", "expected"),
    [
        ([], Forecast(0, len(FIRST), MAX_DRAWN)),
        (FIRST[:2], Forecast(2, len(FIRST), MAX_DRAWN)),
        (FIRST[:1], Forecast(1, len(PLACES), MAX_DRAWN)),
        ([FIRST[0], 1, 2], Forecast(3, len(PLACES), MAX_DRAWN)),
    ],
    ids=["none", "two", "one", "one-and-others"],
)
def test_a_third_is_asked_and_the_others_when_it_leaves_the_share_open(
    matched: Sequence[int], expected: Forecast
) -> None:
    asked: list[int] = []

    def observed(place: int) -> ImageFeatures:
        asked.append(place)
        return SEEN

    assert by_match(lambda _: asked[-1] in matched, observed) == expected
    assert len(asked) == expected.of


def test_a_view_that_matches_many_is_refused_with_their_share() -> None:
    error = by_match(lambda _: True, lambda _: SEEN).error
    assert error
    assert error["message"] == "It would match an estimated 100% of ordinary listings."


@pytest.mark.parametrize(
    ("pictures", "sellers", "refused"),
    [
        (DIFFERENT[:6], 50, True),
        (DIFFERENT[:5], 50, False),  # one seller in ten is not more than that
        (ALIKE[:6], 50, False),  # it is copied, not common
        (DIFFERENT[:6], 49, False),  # too few to say
        ([], 50, False),
    ],
)
def test_listings_count_when_many_sellers_show_different_things(
    pictures: list[Vectors], sellers: int, *, refused: bool
) -> None:
    assert bool(by_listings(pictures, sellers).error) is refused
