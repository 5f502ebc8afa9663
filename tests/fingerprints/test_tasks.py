"""Tasks that keep the index and queue designs again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from brandguard.kernel.queueing import ENROL, waiting
from fingerprints.index.live import live_index, live_index_of
from fingerprints.models import Brand, DesignImage
from fingerprints.tasks import requeue_designs, save_index_snapshot
from tests import factories
from tests.fingerprints.management.scenes import fingerprint, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_index() -> None:
    live_index_of.cache_clear()


def test_the_schedule_leaves_a_snapshot(brand: Brand) -> None:
    fingerprint(brand, 1)
    run("rebuild_index")
    save_index_snapshot()
    assert (live_index("sscd").folder / "current.json").exists()


def test_a_design_whose_worker_was_killed_is_queued_again(brand: Brand) -> None:
    long_ago = timezone.now() - timedelta(minutes=4)
    design = factories.design(brand, queued_at=long_ago)
    factories.view(design, state=DesignImage.State.PENDING)
    before = waiting(ENROL)
    requeue_designs()
    requeue_designs()  # not a second time while it waits
    assert waiting(ENROL) == before + 1
