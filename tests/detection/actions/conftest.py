from pathlib import Path

import pytest

from detection.matching.matcher import Matcher
from fingerprints.index.live import LiveIndex
from tests import matchers
from tests.fake_encoder import SPEC, OfThings
from tests.threads import own_connections
from vision.channels.encoders import Lanes

__all__ = ["own_connections"]


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    """Of a process that has just started, with the fake encoder."""
    return matchers.matcher(LiveIndex(SPEC, tmp_path / "index"))


@pytest.fixture
def things() -> Lanes:
    """The object channel, with an encoder of its own."""
    return Lanes(objects=OfThings())
