"""The programs that run for one data folder, with their command lines."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from brandguard.kernel.queueing import FETCHER_THREADS, NOTIFIER_THREADS, SWEEPER_THREADS
from brandguard.runtime import broker
from brandguard.runtime.child import Program

# brandguard/celery.py gives the reasons; a test keeps the two equal. The worker has a process for each core
# it may use, and the checker one that is always free for requests that wait. The others use threads, because
# they wait for strangers' servers or the database and load no encoder. Each has its own, so that slow
# picture hosts, slow receivers and long sweeps do not delay each other.
WORKER_QUEUES = "enrol,match"
CHECKER_QUEUES = "check"
FETCHER_QUEUES = "fetch"
NOTIFIER_QUEUES = "notify"
SWEEPER_QUEUES = "upkeep"

# Sent first and last in a stop. A task can safely be repeated, so no worker gets longer.
WARM_SECONDS, COLD_SECONDS = 20.0, 5.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    data_dir: Path
    redis_url: str = ""  # empty: our own broker
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2
    concurrency: int = 2
    # added to this process's environment
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # As in settings: every process derives the broker's address from this path.
        object.__setattr__(self, "data_dir", self.data_dir.expanduser().resolve())

    @classmethod
    def from_settings(cls) -> "Plan":
        from django.conf import settings

        return cls(
            data_dir=settings.DATA_DIR,
            redis_url=settings.REDIS_URL,
            host=settings.WEB_HOST,
            port=settings.WEB_PORT,
            web_workers=settings.WEB_WORKERS,
            concurrency=settings.WORKER_CONCURRENCY,
        )

    def child_environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "brandguard.settings",
            **os.environ,
            **self.environment,
            "BRANDGUARD_DATA_DIR": str(self.data_dir),
            "REDIS_URL": self.redis_url,
        }

    def migrate(self) -> Program:
        command = (sys.executable, "manage.py", "migrate", "--no-input")
        return Program("migrate", command, ((signal.SIGTERM, 10.0),))

    def broker(self) -> Program:
        return Program("broker", broker.command(self.data_dir), ((signal.SIGTERM, 10.0),))

    def worker(self) -> Program:
        return _worker("worker", WORKER_QUEUES, self.concurrency)

    def checker(self) -> Program:
        return _worker("checker", CHECKER_QUEUES, 1)

    def fetcher(self) -> Program:
        return _worker("fetcher", FETCHER_QUEUES, FETCHER_THREADS, "--pool=threads")

    def notifier(self) -> Program:
        return _worker("notifier", NOTIFIER_QUEUES, NOTIFIER_THREADS, "--pool=threads")

    def sweeper(self) -> Program:
        return _worker("sweeper", SWEEPER_QUEUES, SWEEPER_THREADS, "--pool=threads")

    def beat(self) -> Program:
        # No pid file: after a kill it would prevent the next start.
        return Program("beat", (*_celery("beat"), "--pidfile="), ((signal.SIGTERM, 3.0),))

    def web(self, listener: int) -> Program:
        return Program(
            "web",
            (
                *(sys.executable, "-m", "gunicorn", "brandguard.wsgi"),
                *("--bind", f"fd://{listener}"),
                *("--workers", str(self.web_workers)),
                # Browsers open connections ahead of use; without threads each would hold a worker.
                *("--threads", "4"),
                *("--graceful-timeout", "8"),
                "--no-control-socket",  # it would be in the user's home, one for all installations
            ),
            ((signal.SIGTERM, 10.0),),
            keeps=(listener,),
        )


def _worker(name: str, queues: str, concurrency: int, *more: str) -> Program:
    return Program(
        name,
        (
            *_celery("worker"),
            f"--hostname={name}@%h",
            f"--queues={queues}",
            f"--concurrency={concurrency}",
            "--without-gossip",  # workers have nothing to agree on, and the start
            "--without-mingle",  # would wait a second for their answers
            *more,
        ),
        ((signal.SIGTERM, WARM_SECONDS), (signal.SIGQUIT, COLD_SECONDS)),
        # Its broker ends at the same moment, and a gentle stop would wait for it.
        orphaned=signal.SIGKILL,
    )


def _celery(command: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "-A", "brandguard.celery", command)
