"""Programs and processes, and waiting for what becomes true."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends orphans")


CRASHING = "print('no such table: designs'); raise SystemExit(3)"


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """A process that has ended and is still to be collected by its parent is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not read(f"/proc/{pid}/stat").rpartition(b")")[2].startswith(b" Z")


def read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""
