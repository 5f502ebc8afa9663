"""An index that is out of step is built anew."""

import pytest
from django.core.management.base import CommandError

from fingerprints.index.live import live_index_of
from fingerprints.models import Brand, Fingerprint
from tests.fingerprints.management.scenes import fingerprint, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_index() -> None:
    live_index_of.cache_clear()


def test_missing_stale_and_extra_are_counted_and_mended(brand: Brand) -> None:
    stale, extra = fingerprint(brand, 1), fingerprint(brand, 2)
    run("verify_index")  # this process's index now holds both
    other = fingerprint(brand, 3)
    Fingerprint.objects.filter(pk=stale.pk).update(vector=other.vector)
    extra.delete()
    with pytest.raises(CommandError, match="rebuild_index"):
        run("verify_index")
    assert "2 vectors" in run("rebuild_index")
    assert "0 missing, 0 stale, 0 extra" in run("verify_index")
