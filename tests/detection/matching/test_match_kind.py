import pytest

from detection.matching.match_kind import match_kind
from tests.matchers import calibration, evidence

MADE = calibration(spurious_inliers=6, copy_cosine=0.5)


@pytest.mark.parametrize(
    ("cosine", "inliers", "kind"),
    [
        (0.9, 100, "copy"),
        (0.5, 7, "copy"),
        (0.49, 100, "same_design"),
        (-0.1, 7, "same_design"),
        (0.99, 6, "resemblance"),
        (0.1, 0, "resemblance"),
    ],
)
def test_kinds_by_cosine_and_confirmed_geometry(cosine: float, inliers: int, kind: str) -> None:
    assert match_kind(evidence(cosine, inliers), MADE) == kind


def test_identical_pixels_are_a_copy_without_geometry() -> None:
    assert match_kind(evidence(1.0, 0, identical=True), MADE) == "copy"
