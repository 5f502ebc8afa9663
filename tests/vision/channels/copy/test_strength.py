"""Similarity is a number from 0 to 100 that rises with the evidence; kinds follow how exact it is."""

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.matchers import COPY_BY_HAND, copy_calibration, copy_match
from vision.channels.calibration import ChannelCalibration, calibration_path, load_calibration
from vision.channels.copy import NAME
from vision.channels.copy.strength import confirms, match_kind, similarity
from vision.encoders.catalogue import CATALOGUE
from vision.geometry.agreement import Agreement

STORED = [
    load_calibration(spec).channels[NAME]
    for spec in CATALOGUE.values()
    if calibration_path(spec).exists()
]
MADE = st.sampled_from([COPY_BY_HAND, *STORED])
COSINES = st.floats(-1, 1)
INLIERS = st.integers(0, 1000)
PATCHES = st.integers(0, 100)


@hypothesis.given(MADE, COSINES, COSINES, INLIERS)
def test_similarity_rises_with_the_cosine(
    made: ChannelCalibration, one: float, other: float, inliers: int
) -> None:
    low, high = sorted([one, other])
    assert similarity(copy_match(low, inliers), made) <= similarity(copy_match(high, inliers), made)


@hypothesis.given(MADE, COSINES, INLIERS, INLIERS)
def test_similarity_rises_with_the_inliers(
    made: ChannelCalibration, cosine: float, one: int, other: int
) -> None:
    few, many = sorted([one, other])
    assert similarity(copy_match(cosine, few), made) <= similarity(copy_match(cosine, many), made)


@hypothesis.given(MADE, st.floats(-1.001, 1.001), st.integers(0, 100_000))
def test_similarity_lies_between_0_and_100(
    made: ChannelCalibration, cosine: float, inliers: int
) -> None:
    assert 0 <= similarity(copy_match(cosine, inliers), made) <= 100


@hypothesis.given(MADE)
def test_no_evidence_at_all_scores_0(made: ChannelCalibration) -> None:
    assert similarity(copy_match(0.0), made) == 0
    assert similarity(copy_match(-1.0), made) == 0


@hypothesis.given(MADE, COSINES)
def test_identical_pixels_score_100_whatever_else(made: ChannelCalibration, cosine: float) -> None:
    assert similarity(copy_match(cosine, identical=True), made) == 100


def agreeing(patches: int, alike: int, in_place: int) -> Agreement:
    """Of so many patches; not more of them can be found again, or be in place, than there are."""
    return Agreement(patches, min(patches, alike), min(patches, in_place))


@hypothesis.given(MADE, COSINES, INLIERS, PATCHES, PATCHES, PATCHES, PATCHES)
def test_similarity_rises_as_more_of_the_view_is_found_again(
    made: ChannelCalibration,
    cosine: float,
    inliers: int,
    patches: int,
    one: int,
    other: int,
    in_place: int,
) -> None:
    few, many = (
        similarity(copy_match(cosine, inliers, agreement=agreeing(patches, alike, in_place)), made)
        for alike in sorted([one, other])
    )
    assert few <= many


@hypothesis.given(MADE, COSINES, INLIERS, PATCHES, PATCHES, PATCHES)
def test_similarity_rises_as_more_of_the_view_is_in_place(
    made: ChannelCalibration, cosine: float, inliers: int, patches: int, one: int, other: int
) -> None:
    few, many = (
        similarity(
            copy_match(cosine, inliers, agreement=agreeing(patches, patches, in_place)), made
        )
        for in_place in sorted([one, other])
    )
    assert few <= many


@hypothesis.given(MADE, COSINES, st.floats(0, 1), st.floats(0, 1))
def test_similarity_never_rises_with_what_ordinary_pictures_reach(
    made: ChannelCalibration, cosine: float, one: float, other: float
) -> None:
    low, high = sorted([one, other])
    assert similarity(copy_match(cosine, background_score=high), made) <= similarity(
        copy_match(cosine, background_score=low), made
    )


@hypothesis.given(MADE, st.floats(0.9, 1), st.integers(8, 100))
def test_the_same_picture_encoded_anew_scores_97_without_a_point_to_match(
    made: ChannelCalibration, cosine: float, patches: int
) -> None:
    match = copy_match(cosine, agreement=Agreement(patches, patches, patches))
    assert similarity(match, made) >= 97


def test_shared_points_prove_less_where_the_pictures_differ() -> None:
    alike = copy_match(0.2, 40, agreement=Agreement(40, 36, 0))
    only_a_frame = copy_match(0.2, 40, agreement=Agreement(40, 6, 0))
    assert similarity(only_a_frame, COPY_BY_HAND) < similarity(alike, COPY_BY_HAND)


def test_inliers_that_chance_explains_count_for_nothing() -> None:
    made = copy_calibration(chance_inliers=6)
    none, by_chance, one_more = (
        similarity(copy_match(0.4, inliers), made) for inliers in (0, 6, 7)
    )
    assert by_chance == none
    assert one_more > by_chance


@pytest.mark.parametrize("made", STORED, ids=lambda made: made.generation)
def test_a_few_of_many_patches_in_place_prove_little(made: ChannelCalibration) -> None:
    """A plane that four chance points fix: an object and another in like light."""
    by_chance = copy_match(0.37, 4, agreement=Agreement(54, 33, 11), background_score=0.35)
    assert similarity(by_chance, made) < 70


@pytest.mark.parametrize(("inliers", "confirmed"), [(0, False), (6, False), (7, True)])
def test_geometry_is_confirmed_by_more_than_chance(*, inliers: int, confirmed: bool) -> None:
    assert confirms(copy_match(0.9, inliers), copy_calibration(chance_inliers=6)) is confirmed


# --- kinds ----------------------------------------------------------------------------------------
OF_KINDS = copy_calibration(chance_inliers=6, copy_ratio=0.5, design_ratio=0.2)


@pytest.mark.parametrize(
    ("inliers", "agreement", "kind"),
    [
        (100, Agreement(40, 40, 40), "copy"),
        (7, Agreement(40, 40, 20), "copy"),
        (100, Agreement(40, 36, 19), "same_design"),
        (7, Agreement(40, 18, 8), "same_design"),
        (100, Agreement(40, 36, 7), "resemblance"),
        (6, Agreement(40, 36, 8), "resemblance"),
    ],
)
def test_kinds_by_how_much_is_found_and_how_much_of_it_in_place(
    inliers: int, agreement: Agreement, kind: str
) -> None:
    assert match_kind(copy_match(0.3, inliers, agreement=agreement), OF_KINDS) == kind


def test_likeness_without_geometry_only_resembles() -> None:
    assert match_kind(copy_match(0.99), OF_KINDS) == "resemblance"


def test_identical_pixels_are_a_copy_without_geometry() -> None:
    assert match_kind(copy_match(1.0, 0, identical=True), OF_KINDS) == "copy"
