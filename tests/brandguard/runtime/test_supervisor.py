"""The supervisor: with small programs in the place of ours, then with the real ones."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import pytest
import requests

from brandguard.celery import app
from brandguard.runtime import address, child
from brandguard.runtime.child import CODE, Child, Program
from brandguard.runtime.errors import CannotStart
from brandguard.runtime.lock import FolderLock
from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import WORKERS, Stack

pytestmark = pytest.mark.processes

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends orphans")
CRASHING = "print('no such table: designs'); raise SystemExit(3)"
# Writes its name when it is stopped.
NOTING = """
import pathlib, signal, sys, time
name, stops = sys.argv[1:]
def stop(*_):
    with pathlib.Path(stops).open("a") as file:
        file.write(name + " ")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("set up", flush=True)
time.sleep(60)
"""


@dataclass(frozen=True, kw_only=True)
class SmallPlan(Plan):
    """Every program replaced by a line of Python."""

    code: str = NOTING

    def small(self, name: str) -> Program:
        command = (sys.executable, "-c", self.code, name, str(self.data_dir / "stops"))
        return Program(name, command, ((signal.SIGTERM, 5.0),))

    def migrate(self) -> Program:
        return self.small("migrate")

    def broker(self) -> Program:
        return self.small("broker")

    def worker(self) -> Program:
        return self.small("worker")

    def checker(self) -> Program:
        return self.small("checker")

    def fetcher(self) -> Program:
        return self.small("fetcher")

    def notifier(self) -> Program:
        return self.small("notifier")

    def sweeper(self) -> Program:
        return self.small("sweeper")

    def beat(self) -> Program:
        return self.small("beat")

    def web(self, listener: int) -> Program:
        return self.small("web")


@pytest.fixture(autouse=True)
def no_servers_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s")


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def a_child(folder: Path, code: str, *, patience: float = 5.0) -> Child:
    program = Program("small", (sys.executable, "-c", code), ((signal.SIGTERM, patience),))
    return Child(program, folder / "small.log", dict(os.environ))


# --- one program -----------------------------------------------------------------------------
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
    bound = CODE / "brandguard" / "processes" / "bound.py"
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


# --- address and lock ------------------------------------------------------------------------
def test_a_port_in_use_is_moved_past() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with address.listen("127.0.0.1", port) as moved:
            assert port < moved.getsockname()[1] <= port + 20


def test_a_port_that_is_just_being_left_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    monkeypatch.setattr(time, "sleep", lambda _: taken.close())
    with address.listen("127.0.0.1", port, patience=5) as kept:
        assert kept.getsockname()[1] == port


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(CannotStart, match=r"Cannot listen on 203\.0\.113\.1 .*set WEB_HOST"):
        address.listen("203.0.113.1", 8000)


def test_an_address_on_all_interfaces_is_shown_as_this_machine() -> None:
    with address.listen("0.0.0.0", 0) as everywhere:  # noqa: S104 - for a moment, and silent
        assert address.url(everywhere) == f"http://127.0.0.1:{everywhere.getsockname()[1]}"


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


# --- the stack, with small programs ----------------------------------------------------------
def test_whoever_queues_work_ends_before_whoever_does_it(data_dir: Path) -> None:
    parts = ["worker", "beat"]
    with Stack(SmallPlan(data_dir=data_dir), parts=parts, migrate=False) as stack:
        for name in parts:
            until((stack.logs / f"{name}.log").read_text)
    assert (data_dir / "stops").read_text() == "beat worker "


def test_a_program_that_ends_is_started_again_and_its_log_shown(data_dir: Path) -> None:
    said: list[str] = []
    plan = SmallPlan(data_dir=data_dir, code=CRASHING)
    with Stack(plan, parts=["beat"], migrate=False, say=said.append) as stack:
        while len(said) < 3:
            stack.tend()
            time.sleep(0.02)
    assert "beat ended (exit status 3): started again in 1 s" in said[0]
    assert "beat ended (exit status 3): started again in 2 s" in said[1]
    assert "no such table: designs" in said[2]


def test_a_program_killed_by_hand_stays_down_until_started(data_dir: Path) -> None:
    with Stack(SmallPlan(data_dir=data_dir), parts=["worker"], migrate=False) as stack:
        first = stack.worker_pid
        stack.kill("worker")
        stack.tend()
        assert stack.worker_pid is None
        stack.start("worker")
        assert stack.worker_pid not in (None, first)


def test_a_program_that_ends_during_the_start_is_named(data_dir: Path) -> None:
    plan = SmallPlan(data_dir=data_dir, code=CRASHING)
    with pytest.raises(CannotStart, match=r"web ended during the start[^\n]*\n.*no such table"):
        Stack(plan, parts=["web"], migrate=False).__enter__()
    FolderLock(data_dir).release()  # nobody holds it any more


def test_a_database_that_cannot_be_prepared_is_told(data_dir: Path) -> None:
    plan = SmallPlan(data_dir=data_dir, code=CRASHING)
    with pytest.raises(CannotStart, match=r"database could not be prepared[^\n]*\n.*no such table"):
        Stack(plan, parts=["worker"]).__enter__()


def test_with_a_redis_url_there_is_no_broker_of_our_own(data_dir: Path) -> None:
    plan = SmallPlan(data_dir=data_dir, redis_url="redis://127.0.0.1:1/0")
    with Stack(plan, parts=["broker", "worker"], migrate=False):
        assert not (data_dir / "broker").exists()
        assert plan.child_environment()["REDIS_URL"] == "redis://127.0.0.1:1/0"


def test_a_link_to_the_data_folder_means_the_folder(data_dir: Path) -> None:
    (data_dir / "link").symlink_to(data_dir)
    assert Plan(data_dir=data_dir / "link").data_dir == data_dir.resolve()


def test_every_queue_is_taken_by_one_of_the_workers(data_dir: Path) -> None:
    plan = Plan(data_dir=data_dir)
    commands = [" ".join(getattr(plan, name)().command) for name in WORKERS]
    taken = [queues for line in commands for queues in re.findall(r"--queues=(\S+)", line)]
    assert sorted(",".join(taken).split(",")) == sorted(
        queue.name for queue in app.conf.task_queues
    )


# --- manage.py serve, with the real programs ---------------------------------------------------
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


def alive(pid: int) -> bool:
    """A process that has ended and is still to be collected by its parent is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not read(f"/proc/{pid}/stat").rpartition(b")")[2].startswith(b" Z")


def children_of(parent: int) -> list[int]:
    pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [
        pid
        for pid in pids
        if read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[1:2] == [b"%d" % parent]
    ]


def read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


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
