from pathlib import Path

import pytest

from detection.matching.matcher import Matcher
from tests import matchers
from tests.fake_encoder import OfThings
from tests.threads import own_connections
from vision.channels.registry import Channels

__all__ = ["own_connections"]


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    """Of a process that has just started, with the fake encoder."""
    return matchers.matcher(tmp_path / "index")


@pytest.fixture
def things() -> Channels:
    """The copy channel and that of objects, with an encoder of its own."""
    return matchers.channels(objects=OfThings())
