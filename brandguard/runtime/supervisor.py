"""Starts and supervises what one data folder needs: broker, workers, beat and web.

    with Stack(Plan(data_dir=folder)) as stack:
        requests.get(stack.url)
        stack.kill("worker")   # like a crash
        stack.start("worker")

Leaving the block stops everything in order. Programs are only restarted while `watch` runs, or when `tend`
is called. A supervisor ended by SIGKILL leaves nothing running on Linux (bound.py); elsewhere the next start
takes care of the broker (broker.py) and of nothing else.

Use it from the main thread: on Linux the children live as long as the thread that starts them.
"""

import contextlib
import socket
import time
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Self

from brandguard.runtime import address, broker
from brandguard.runtime.child import Child, Program
from brandguard.runtime.errors import CannotStart
from brandguard.runtime.lock import FolderLock
from brandguard.runtime.plan import Plan

WORKERS = ("worker", "checker", "fetcher", "notifier", "sweeper")
PARTS = ("broker", *WORKERS, "beat", "web")  # in the order of starting
STOPS = ("web", "beat", *WORKERS, "broker")  # programs that queue work end before those that do it
START_SECONDS = 120.0  # for a slow machine's first start, which compiles every module
PORT_PATIENCE = 12.0  # after a kill: the previous web server has 8 s for its requests
TICK = 0.1


class StopRequested(Exception):
    pass


class AdoptedBroker:
    """A broker left by an earlier supervisor, in place of our own process."""

    def __init__(self, pid: int, plan: Plan) -> None:
        self.pid = pid
        self._plan = plan

    def poll(self) -> int | None:
        return None if broker.is_running(self.pid, self._plan.data_dir) else 0


class Stack:
    """`parts` says which of PARTS to run; the broker is left out when the plan has a REDIS_URL.

    `say` receives lines for the person at the terminal.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        parts: Collection[str] = PARTS,
        migrate: bool = True,
        say: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.plan = plan
        self.logs = plan.data_dir / "logs"
        self._parts = [p for p in PARTS if p in parts and not (p == "broker" and plan.redis_url)]
        self._migrate = migrate
        self._say = say
        self._children: dict[str, Child] = {}
        self._listener: socket.socket | None = None
        self._lock: FolderLock | None = None
        self._stop_requests = 0

    @property
    def url(self) -> str:
        return address.url(self._listener) if self._listener else ""

    @property
    def worker_pid(self) -> int | None:
        return self.pid("worker")

    def pid(self, name: str) -> int | None:
        return self._children[name].pid

    def __enter__(self) -> Self:
        """Starts everything and returns once it answers.

        Raises:
            CannotStart: A part failed; the message has the end of its log. Nothing is left running.
            StopRequested: `request_stop` was called meanwhile. Nothing is left running.
        """
        self.plan.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FolderLock(self.plan.data_dir)
        try:
            self._open_address(self._lock)
            self._prepare()
            for name in self._parts:
                self.start(name)
            self._wait_for_web()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, name: str) -> None:
        child = self._children.setdefault(name, self._child(name))
        if name == "broker":
            self._start_broker(child)
            self._wait_for_broker(child)
        else:
            child.start()

    def kill(self, name: str) -> None:
        """Sends SIGKILL to it and to its children, like a crash."""
        self._children[name].kill()

    def watch(self) -> None:
        """Keeps everything running until `request_stop`."""
        with contextlib.suppress(StopRequested):
            while True:
                self.tend()
                self.pause()

    def tend(self) -> None:
        """Restarts what has ended, after a delay that grows with every crash in a row."""
        for child in self._children.values():
            child.trim_log()
            if child.process is None or child.alive:
                continue
            if child.due is None:
                self._report_crash(child)
            elif child.due <= time.monotonic():
                self._restart(child)

    def request_stop(self) -> None:
        """For signal handlers. A second request kills what a first one still waits for."""
        self._stop_requests += 1

    def stop(self) -> None:
        if self._listener:
            self._listener.close()  # from now on only the web server holds it
            self._listener = None
        if self._children:
            self._tell("Stopping.")
        asked = self._stop_requests
        for name in STOPS:
            if child := self._children.pop(name, None):
                child.stop(hurried=lambda: self._stop_requests > asked)
        if self._lock:
            self._lock.release()
            self._lock = None

    def _open_address(self, lock: FolderLock) -> None:
        if "web" not in self._parts:
            return
        wanted = self.plan.port
        patience = PORT_PATIENCE if lock.was_abandoned else 0.0
        self._listener = address.listen(self.plan.host, wanted, patience=patience)
        port = self._listener.getsockname()[1]
        if port != wanted:
            self._tell(f"Port {wanted} is in use: moved to {port}.")
        lock.note(self.url)

    def _prepare(self) -> None:
        """Migrates the database to this version of the code."""
        if not self._migrate:
            return
        migrate = self._child("migrate")
        migrate.start()
        try:
            while migrate.alive:
                self.pause()
            if (how := migrate.how_it_ended()) != "exit status 0":
                raise self._failure(migrate, f"the database could not be prepared ({how})")
        finally:
            migrate.stop()

    def _start_broker(self, child: Child) -> None:
        data_dir = self.plan.data_dir
        broker.make_folders(data_dir)
        if pid := broker.adopt(data_dir):
            child.adopt(AdoptedBroker(pid, self.plan))
        else:
            child.start()

    def _wait_for_broker(self, child: Child) -> None:
        self._wait(lambda: broker.is_ready(self.plan.data_dir), [child])

    def _wait_for_web(self) -> None:
        if listener := self._listener:
            self._wait(lambda: address.answers(listener), list(self._children.values()))

    def _wait(self, ready: Callable[[], bool], needed: list[Child]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            for child in needed:
                if not child.alive:
                    raise self._failure(child, f"{child.program.name} ended during the start")
            if time.monotonic() > deadline:
                raise self._failure(needed[-1], f"{needed[-1].program.name} does not answer")
            self.pause()

    def _restart(self, child: Child) -> None:
        try:
            if child.program.name == "broker":
                self._start_broker(child)  # without waiting: all clients reconnect by themselves
            else:
                child.start()
        except (OSError, CannotStart) as error:
            delay = child.note_crash(time.monotonic())
            self._tell(f"{child.program.name}: {error}. Next try in {delay:.0f} s.")

    def _report_crash(self, child: Child) -> None:
        name, how = child.program.name, child.how_it_ended()
        delay = child.note_crash(time.monotonic())
        self._tell(f"{name} ended ({how}): started again in {delay:.0f} s. Log: {child.log}")
        if child.crashes > 1:
            self._tell(child.last_lines())

    def _failure(self, child: Child, what: str) -> CannotStart:
        return CannotStart(f"{what}. The end of {child.log}:\n{child.last_lines()}")

    def _child(self, name: str) -> Child:
        log = self.logs / f"{name}.log"
        return Child(self._program(name), log, self.plan.child_environment())

    def _program(self, name: str) -> Program:
        if name == "web":
            if not self._listener:
                raise ValueError("a stack without web has no address to serve")
            return self.plan.web(self._listener.fileno())
        program: Program = getattr(self.plan, name)()
        return program

    def pause(self) -> None:
        """Waits a moment. Raises StopRequested if a stop was requested."""
        if self._stop_requests:
            raise StopRequested
        time.sleep(TICK)

    def _tell(self, line: str) -> None:
        with contextlib.suppress(OSError):  # the terminal may be gone; the service continues
            self._say(line)
