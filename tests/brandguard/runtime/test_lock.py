"""One supervisor a data folder."""

import os
from pathlib import Path

import pytest

from brandguard.runtime.errors import CannotStart
from brandguard.runtime.lock import FolderLock

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def no_servers_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def test_the_lock_tells_whether_the_last_holder_was_killed(data_dir: Path) -> None:
    (data_dir / "serve.lock").write_text("process 1, http://127.0.0.1:8000")
    after_a_kill = FolderLock(data_dir)
    after_a_kill.release()
    after_a_stop = FolderLock(data_dir)
    after_a_stop.release()
    assert after_a_kill.was_abandoned
    assert not after_a_stop.was_abandoned


def test_a_lock_that_is_held_is_refused_with_what_its_holder_noted(data_dir: Path) -> None:
    held = FolderLock(data_dir)
    held.note("http://127.0.0.1:8123")
    with pytest.raises(CannotStart, match=rf"process {os.getpid()}, http://127\.0\.0\.1:8123"):
        FolderLock(data_dir)
    held.release()
