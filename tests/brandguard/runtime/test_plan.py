"""Which worker takes which queue."""

import re
from pathlib import Path

import pytest

from brandguard.celery import app
from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import WORKERS

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def no_servers_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def test_every_queue_is_taken_by_one_of_the_workers(data_dir: Path) -> None:
    plan = Plan(data_dir=data_dir)
    commands = [" ".join(getattr(plan, name)().command) for name in WORKERS]
    taken = [queues for line in commands for queues in re.findall(r"--queues=(\S+)", line)]
    assert sorted(",".join(taken).split(",")) == sorted(
        queue.name for queue in app.conf.task_queues
    )
