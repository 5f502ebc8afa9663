"""In stories about listings Acme's brand has a right in force, and decisions take effect at once."""

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Organisation
from fingerprints.models import Brand
from tests import factories


@pytest.fixture
def brand(acme: Organisation) -> Brand:
    made = factories.brand(acme)
    factories.right(made)
    return made


@pytest.fixture(autouse=True)
def _no_time_to_undo(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0
