"""The stack, with small programs in the place of ours."""

import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from brandguard.runtime.child import Program
from brandguard.runtime.errors import CannotStart
from brandguard.runtime.lock import FolderLock
from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import Stack
from tests.brandguard.runtime.scenes import CRASHING, until

pytestmark = pytest.mark.processes


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
