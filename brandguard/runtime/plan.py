"""What runs for one data folder, and the command line of each program."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from brandguard.kernel.queueing import FETCHER_THREADS, NOTIFIER_THREADS, SWEEPER_THREADS
from brandguard.runtime import broker
from brandguard.runtime.child import Program

# brandguard/celery.py says why; a test holds it equal to these. The worker has as many processes as
# there are cores for; the checker one that is always free for who waits. The others have threads, as
# they wait for strangers' servers or the database and load no encoder; each has its own, so that slow
# picture hosts, slow receivers and long sweeps do not hold up each other.
WORKER_QUEUES = "enrol,match"
CHECKER_QUEUES = "check"
FETCHER_QUEUES = "fetch"
NOTIFIER_QUEUES = "notify"
SWEEPER_QUEUES = "upkeep"

# Sent first and last in a stop. A task is repeated safely, so a worker is not waited for longer.
WARM_SECONDS, COLD_SECONDS = 20.0, 5.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    data_dir: Path
    redis_url: str = ""  # empty: our own broker
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2
    concurrency: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)  # over what this process has

    def __post_init__(self) -> None:
        # As settings do: the broker's address comes from this path, in every process.
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
        # No pid file: after a kill it would stand in the way of the next start.
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
                "--no-control-socket",  # it would lie in the user's home, one for all
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
            "--without-gossip",  # there is nothing to agree on with the others, and the start
            "--without-mingle",  # would wait a second for their answers
            *more,
        ),
        ((signal.SIGTERM, WARM_SECONDS), (signal.SIGQUIT, COLD_SECONDS)),
        # Its broker goes at the same moment, and a gentle stop would wait for it.
        orphaned=signal.SIGKILL,
    )


def _celery(command: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "-A", "brandguard.celery", command)
