"""One long-running program under the supervisor: started, watched and stopped, with its log."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from brandguard.runtime import bound

CODE = Path(__file__).resolve().parents[2]
LOG_BYTES = 5_000_000  # one older log of this size is kept beside it
SHORTEST_DELAY, MAX_DELAY = 1.0, 30.0  # seconds until a program that ended starts again
KILL_SECONDS = 5.0  # only a process stuck in the kernel takes longer, and nothing ends that
STEADY_SECONDS = 60.0  # after running this long, its next end counts as the first


class Process(Protocol):
    """The part of `subprocess.Popen` that is needed, so that an adopted process can replace one."""

    pid: int

    def poll(self) -> int | None: ...


@dataclass(frozen=True)
class Program:
    name: str
    command: tuple[str, ...]
    # The signals that stop it, gentlest first, with the seconds given to each. SIGKILL follows.
    stopping: tuple[tuple[signal.Signals, float], ...]
    # The signal that the kernel sends when the supervisor is gone.
    orphaned: signal.Signals = signal.SIGTERM
    keeps: Collection[int] = ()  # open file descriptors that it inherits


@dataclass
class Child:
    program: Program
    log: Path
    environment: Mapping[str, str]
    process: Process | None = None
    crashes: int = 0  # in a row
    due: float | None = None  # when to start it again, on the monotonic clock
    _started: float = field(default=0.0, repr=False)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        self._sweep()
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        self.trim_log()
        wrapper = [sys.executable, "-I", "-S", bound.__file__]
        bond = [self.program.orphaned.name, str(os.getpid())]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command lines
                [*wrapper, *bond, *self.program.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=CODE,
                # Ctrl-C reaches only the supervisor, which stops the children in order.
                start_new_session=True,
                pass_fds=self.program.keeps,
            )
        self._note_start()

    def adopt(self, process: Process) -> None:
        self.process = process
        self._note_start()

    def note_crash(self, now: float) -> float:
        """Plans the next start and returns the seconds until then."""
        if now - self._started > STEADY_SECONDS:
            self.crashes = 0
        delay = min(MAX_DELAY, SHORTEST_DELAY * 2.0**self.crashes)
        self.crashes += 1
        self.due = now + delay
        return delay

    def stop(self, *, hurried: Callable[[], bool] = lambda: False) -> None:
        """Sends its stop signals in order. `hurried` is polled and says whether to kill at once."""
        for number, seconds in self.program.stopping:
            self.send(number)
            deadline = time.monotonic() + seconds
            while self.alive and time.monotonic() < deadline and not hurried():
                time.sleep(0.05)
        self.kill()

    def kill(self) -> None:
        """Kills it at once, with every process it started."""
        self.send(signal.SIGKILL)
        deadline = time.monotonic() + KILL_SECONDS
        while self.alive and time.monotonic() < deadline:
            time.sleep(0.01)
        self._sweep()
        self.process, self.due = None, None

    def send(self, number: signal.Signals) -> None:
        if self.alive and self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def how_it_ended(self) -> str:
        code = self.process.poll() if self.process else None
        if code is None:
            return "gone"
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def last_lines(self, count: int = 15) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 20_000))
            lines = log.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-count:])

    def trim_log(self) -> None:
        """Copies and truncates the log instead of renaming it: the program keeps the file open
        and appends.
        """
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_BYTES:
                shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
                os.truncate(self.log, 0)

    def _sweep(self) -> None:
        """Kills what an ended program left, as its process group is its own."""
        if self.pid and not self.alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def _note_start(self) -> None:
        self.due, self._started = None, time.monotonic()
