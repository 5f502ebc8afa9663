"""One program: started again, stopped, and ended with all that it started."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from brandguard.runtime import child
from brandguard.runtime.child import CODE, Child, Program
from tests.brandguard.runtime.scenes import CRASHING, alive, linux, until

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def no_servers_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def a_child(folder: Path, code: str, *, patience: float = 5.0) -> Child:
    program = Program("small", (sys.executable, "-c", code), ((signal.SIGTERM, patience),))
    return Child(program, folder / "small.log", dict(os.environ))


def test_the_delay_grows_with_every_crash_and_is_bounded(data_dir: Path) -> None:
    crashing = a_child(data_dir, CRASHING)
    delays = [crashing.note_crash(now=0.0) for _ in range(7)]
    assert delays == [1, 2, 4, 8, 16, 30, 30]


def test_after_a_steady_run_the_delay_is_short_again(data_dir: Path) -> None:
    crashing = a_child(data_dir, CRASHING)
    for _ in range(5):
        crashing.note_crash(now=0.0)
    assert crashing.note_crash(now=child.STEADY_SECONDS + 1) == 1


def test_a_program_deaf_to_its_stop_is_ended(data_dir: Path) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    stubborn = a_child(data_dir, f"{deaf}; time.sleep(60)", patience=0.2)
    stubborn.start()
    until(stubborn.last_lines)
    pid = stubborn.pid
    stubborn.stop()
    assert pid
    assert not alive(pid)


def test_what_a_program_started_ends_with_it(data_dir: Path) -> None:
    parent = a_child(
        data_dir, "import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    )
    parent.start()
    until(lambda: not parent.alive)
    grandchild = int(parent.last_lines())
    parent.stop()
    until(lambda: not alive(grandchild))


@linux
def test_a_program_whose_parent_has_gone_does_not_start() -> None:
    bound = CODE / "brandguard" / "runtime" / "bound.py"
    elsewhere = str(os.getppid())
    command = [sys.executable, str(bound), "SIGTERM", elsewhere, sys.executable, "-c", "print(1)"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")


def test_a_log_that_has_grown_is_cut_while_it_is_written(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "LOG_BYTES", 1000)
    talking = a_child(
        data_dir,
        "import time; print('a' * 2000, flush=True); time.sleep(.5); print('b', flush=True)",
    )
    talking.start()
    until(lambda: talking.last_lines().startswith("aaa"))
    talking.trim_log()
    until(lambda: not talking.alive)
    assert talking.log.read_text() == "b\n"
    assert talking.log.with_suffix(".log.1").read_text() == "a" * 2000 + "\n"
