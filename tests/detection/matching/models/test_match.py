"""A match's similarity."""

import pytest

from tests.detection.rows import matched


@pytest.mark.django_db
@pytest.mark.parametrize("similarity", [50.0, 100.0])
def test_a_match_may_score_from_50_to_100(similarity: float) -> None:
    matched(similarity=similarity)
