"""The index is compared with the database."""

import pytest

from fingerprints.index.live import live_index_of
from fingerprints.models import Brand
from tests.fingerprints.management.scenes import fingerprint, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_index() -> None:
    live_index_of.cache_clear()


def test_an_index_in_step_is_said_to_be(brand: Brand) -> None:
    fingerprint(brand, 1)
    assert "1 in the database, 0 missing, 0 stale, 0 extra" in run("verify_index")
