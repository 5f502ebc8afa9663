"""In stories about listings Acme's brand has a right in force, and decisions take effect at once."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Organisation
from detection.matching.matcher import Matcher
from fingerprints.models import Brand
from tests import factories, matchers
from tests.fake_encoder import OfThings
from tests.threads import own_connections
from vision.channels.registry import Channels

__all__ = ["own_connections"]


@pytest.fixture
def brand(acme: Organisation) -> Brand:
    made = factories.brand(acme)
    factories.right(made)
    return made


@pytest.fixture(autouse=True)
def _no_time_to_undo(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    """Of a process that has just started, with the fake encoder."""
    return matchers.matcher(tmp_path / "index")


@pytest.fixture
def things() -> Channels:
    """The copy channel and that of objects, with an encoder of its own."""
    return matchers.channels(objects=OfThings())
