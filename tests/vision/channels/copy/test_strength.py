import pytest
from vision.channels.match_kind import match_kind

from tests.matchers import calibration, evidence
from vision.geometry.agreement import Agreement

MADE = calibration(chance_inliers=6, copy_exactness=0.5, design_exactness=0.2)


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
def test_kinds_by_how_much_is_found_and_how_exactly(
    inliers: int, agreement: Agreement, kind: str
) -> None:
    assert match_kind(evidence(0.3, inliers, agreement=agreement), MADE) == kind


def test_likeness_without_geometry_only_resembles() -> None:
    assert match_kind(evidence(0.99), MADE) == "resemblance"


def test_identical_pixels_are_a_copy_without_geometry() -> None:
    assert match_kind(evidence(1.0, 0, identical=True), MADE) == "copy"
