"""manage.py serve, with the real programs."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import pytest
import requests

from brandguard.runtime.child import CODE
from tests.brandguard.runtime.scenes import alive, linux, read, until

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def no_servers_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@dataclass
class Serving:
    process: subprocess.Popen[str]
    data_dir: Path
    said: str

    @property
    def address(self) -> str:
        found = re.search(r"is up: (\S+)", self.said)
        assert found, self.said
        return found[1]

    def running(self) -> list[int]:
        """Every process of this data folder: the supervisor, its children and theirs."""
        mark = f"BRANDGUARD_DATA_DIR={self.data_dir}\0".encode()
        pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
        return [pid for pid in pids if mark in read(f"/proc/{pid}/environ") and alive(pid)]

    def workers(self) -> list[int]:
        return [
            pid
            for pid in children_of(self.process.pid)
            if b"--hostname=worker@" in read(f"/proc/{pid}/cmdline")
        ]


@pytest.fixture(scope="module")
def started() -> Iterator[list[Serving]]:
    """Every one of this module: a start takes ten seconds, so that one serves until a test ends it."""
    every: list[Serving] = []
    yield every
    for one in every:
        with one.process as process:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.wait(60)


@pytest.fixture
def serving(started: list[Serving], data_dir: Path) -> Serving:
    """On a port above one that is in use."""
    if started and started[-1].process.poll() is None:
        return started[-1]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment = {
            **os.environ,
            "BRANDGUARD_DATA_DIR": str(data_dir),
            "WEB_PORT": str(taken.getsockname()[1]),
            "WEB_WORKERS": "1",
        }
        process = serve(environment, stdout=subprocess.PIPE)
        started.append(Serving(process, data_dir, ""))
        started[-1].said = "".join(start_of(process))
    return started[-1]


def serve(environment: dict[str, str], stdout: int) -> subprocess.Popen[str]:
    """Hears Ctrl-C, even where the tests were started in a shell's background, which does not."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=CODE,
        env=environment,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - before any thread of the child's own
    )


def start_of(process: subprocess.Popen[str]) -> Iterator[str]:
    """Until it is up; one that says nothing for a minute is ended, so that the test fails."""
    assert process.stdout
    watchdog = Timer(60, process.kill)
    watchdog.start()
    try:
        for line in process.stdout:
            yield line
            if line.startswith("Ctrl-C"):
                return
    finally:
        watchdog.cancel()


def children_of(parent: int) -> list[int]:
    pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [
        pid
        for pid in pids
        if read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[1:2] == [b"%d" % parent]
    ]


@linux
def test_a_second_serve_is_refused_with_process_and_address(serving: Serving) -> None:
    environment = {**os.environ, "BRANDGUARD_DATA_DIR": str(serving.data_dir)}
    with serve(environment, stdout=subprocess.PIPE) as second:
        said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert said.count("\n") == 1
    assert "already running" in said
    assert f"process {serving.process.pid}, {serving.address}" in said


@linux
def test_a_worker_killed_takes_its_pool_with_it_and_comes_back(serving: Serving) -> None:
    (worker,) = serving.workers()
    until(lambda: len(children_of(worker)) == 2)
    pool = children_of(worker)
    serving.process.send_signal(signal.SIGSTOP)  # so that no help comes from the supervisor
    os.kill(worker, signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in pool), seconds=5)
    serving.process.send_signal(signal.SIGCONT)
    until(lambda: [pid for pid in serving.workers() if pid != worker])


@linux
def test_serve_moves_past_a_port_in_use_and_one_interrupt_stops_everything(
    serving: Serving,
) -> None:
    assert "is in use: moved to" in serving.said
    style = requests.get(f"{serving.address}/static/admin/css/base.css", timeout=10)
    assert style.status_code == 200

    os.kill(serving.process.pid, signal.SIGINT)
    assert serving.process.wait(45) == 0
    assert serving.running() == []


@linux
def test_a_supervisor_killed_leaves_nothing_running(serving: Serving) -> None:
    (worker,) = serving.workers()
    until(lambda: len(children_of(worker)) == 2)
    assert len(serving.running()) >= 8
    serving.process.kill()
    serving.process.wait()
    until(lambda: serving.running() == [], seconds=10)
