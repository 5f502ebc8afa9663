import pytest

from fingerprints.models import Brand, Design
from tests import factories


@pytest.fixture
def design(brand: Brand) -> Design:
    design = factories.design(brand)
    factories.view(design)
    return design
