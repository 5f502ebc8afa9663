"""The operator's commands for the index, and the tasks that keep it."""

from datetime import timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from brandguard.kernel.queueing import ENROL, waiting
from fingerprints.index.live import live_index, live_index_of
from fingerprints.models import Brand, DesignImage, Fingerprint
from fingerprints.tasks import requeue_designs, save_index_snapshot
from tests import factories
from vision.encoders.catalogue import CATALOGUE
from vision.encoders.generation import generation_of

pytestmark = pytest.mark.django_db
GENERATION = generation_of(CATALOGUE["sscd"])


@pytest.fixture(autouse=True)
def _fresh_index() -> None:
    live_index_of.cache_clear()


def fingerprint(brand: Brand, seed: int) -> Fingerprint:
    """A row without its journal entry: the index does not know of it."""
    vector = np.random.default_rng(seed).normal(size=512).astype("<f4")
    return Fingerprint.objects.create(
        image=factories.view(factories.design(brand)),
        generation=GENERATION,
        variant="original",
        vector=(vector / np.linalg.norm(vector)).tobytes(),
        perceptual_hash=seed,
    )


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_an_index_in_step_is_said_to_be(brand: Brand) -> None:
    fingerprint(brand, 1)
    assert "1 in the database, 0 missing, 0 stale, 0 extra" in run("verify_index")


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
