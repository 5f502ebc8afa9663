"""An event is never altered."""

import pytest

from accounts.models import Marketplace
from tests.detection.delivery.scenes import told


def test_an_event_is_never_altered(marketplace: Marketplace) -> None:
    event = told(marketplace)
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
