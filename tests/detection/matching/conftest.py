import pytest

from fingerprints.models import Brand, Design
from tests.detection.scenes import BOTTLE
from tests.matchers import enrolled


@pytest.fixture
def design(brand: Brand) -> Design:
    enrolled(brand, BOTTLE)
    return Design.objects.get()
