from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from fingerprints.models import Brand
from fingerprints.signals import enforcement_changed


@pytest.fixture
def told(db: None) -> Iterator[list[Brand]]:
    """The brands whose claims changed, in order, each told within a transaction."""
    brands: list[Brand] = []
    around = len(connection.atomic_blocks)  # those of the test itself

    def listen(brand: Brand, **_: Any) -> None:
        assert len(connection.atomic_blocks) > around
        brands.append(brand)

    enforcement_changed.connect(listen)
    yield brands
    enforcement_changed.disconnect(listen)
