"""A brand's thresholds and name."""

import pytest

from tests.fingerprints.rows import any_brand


@pytest.mark.django_db
@pytest.mark.parametrize("threshold", [70, 85, 100])
def test_a_review_threshold_may_be_from_70_to_100(threshold: int) -> None:
    made = any_brand(review_threshold=threshold, block_threshold=100)
    assert made.review_threshold == threshold


@pytest.mark.django_db
def test_two_organisations_may_have_brands_of_one_name() -> None:
    assert any_brand().name == any_brand().name
