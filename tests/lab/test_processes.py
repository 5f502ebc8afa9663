"""A run that ends, however it ends, leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from brandguard.runtime.child import CODE

linux = pytest.mark.skipif(sys.platform != "linux", reason="only there a killed run's child ends")
RUN = """
if __name__ == "__main__":
    import os, time
    import django
    django.setup()
    from lab.management.commands.benchmark import MARK, in_a_throw_away_folder
    from lab.processes import processes
    if MARK not in os.environ:
        in_a_throw_away_folder(1, required_only=True)
    with processes(2) as pool:
        pool.submit(os.getpid).result()
        print(os.environ["BRANDGUARD_DATA_DIR"], os.getpid(), *pool._processes, flush=True)
        time.sleep(60)
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Runs itself again with a folder of its own, and with a pool, as the benchmark does."""
    program = tmp_path / "run.py"
    program.write_text(RUN)
    known = {"PYTHONPATH": str(CODE), "DJANGO_SETTINGS_MODULE": "brandguard.settings"}
    command = [sys.executable, str(program)]
    with subprocess.Popen(
        command, env=os.environ | known, cwd=CODE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@linux
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_its_processes_end_with_it(run: "subprocess.Popen[str]", by: signal.Signals) -> None:
    assert run.stdout is not None
    folder, *numbers = run.stdout.readline().split()
    assert len(numbers) == 2
    run.send_signal(by)
    run.wait(10)
    until(lambda: not any(Path("/proc", number).exists() for number in numbers))
    assert Path(folder).exists() is (by == signal.SIGKILL)


def until(ended: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not ended():
        assert time.monotonic() < deadline
        time.sleep(0.02)
