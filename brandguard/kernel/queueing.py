"""Queues work by task name, so that the code that queues it imports no task.

Arguments are ids, never rows. `brandguard/celery.py` says which queue a task goes to and when sweeps run;
`brandguard/runtime/plan.py` says which worker serves which queue.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from celery import Task, current_app
from celery.utils.time import get_exponential_backoff_interval
from django.db import transaction

from brandguard.kernel.transient import is_transient

CHECK = "check"  # a listing's pictures while a marketplace waits: has its own worker
FETCH = "fetch"  # pictures from URLs: slow servers of strangers must hold up nothing else
ENROL = "enrol"  # a design's fingerprints: few, and somebody waits in a browser
MATCH = "match"  # a listing's pictures: most of the work
NOTIFY = "notify"  # webhooks: slow servers of strangers must hold up nothing else
UPKEEP = "upkeep"  # sweeps: short, and they repair everything else
QUEUES = (CHECK, FETCH, ENROL, MATCH, NOTIFY, UPKEEP)

# Workers with threads wait for strangers' servers or the database and load no encoder.
FETCHER_THREADS, NOTIFIER_THREADS, SWEEPER_THREADS = 24, 24, 4

# Seconds. A picture takes about half a second. Twelve of the largest on a slow machine stay well under the
# soft limit, and a decoder that hangs is ended.
SOFT_LIMIT, HARD_LIMIT = 120, 150
# Of the task that matches a listing. A long picture is matched up to 49 times, after 30 seconds for others: each
# time may take five seconds. It took 1.1 on a busy machine.
MATCH_SOFT_LIMIT, MATCH_HARD_LIMIT = 300, 330

# A transient failure is retried within 1, 2, 4, 8 and 16 seconds. After that the sweeps queue the work again
# for as long as it takes.
RETRIES = 5


class RetriedTask(Task):  # type: ignore[type-arg] # subscripted by its stubs alone
    """Retries after a transient failure only."""

    max_retries = RETRIES

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().__call__(*args, **kwargs)
        except Exception as error:
            if not is_transient(error):
                raise
            tried = self.request.retries or 0
            wait = get_exponential_backoff_interval(1, tried, 2**RETRIES, full_jitter=True)
            raise self.retry(exc=error, countdown=wait) from error


def enqueue(task: str, *, queue: str | None = None, **ids: str | int) -> None:
    """Queues the task of that dotted name now; `queue` overrides its routing.

    Raises kombu's OperationalError while the broker is away.
    """
    options: dict[str, Any] = {"queue": queue} if queue else {}
    current_app.send_task(task, kwargs=ids, **options)


def enqueue_on_commit(task: str, *, queue: str | None = None, **ids: str | int) -> None:
    """Queues the task once the transaction is committed and a worker can see its rows.

    If the broker is away, this is only logged: the sweeps queue again what has no result.
    """
    transaction.on_commit(partial(enqueue, task, queue=queue, **ids), robust=True)


def waiting(queue: str) -> int:
    """Returns the number of messages that no worker has taken yet."""
    return waiting_in([queue])[queue]


def waiting_in(queues: Iterable[str]) -> dict[str, int]:
    """Counts over one connection, without waiting for the broker. Raises kombu's OperationalError while it
    is away.
    """
    with current_app.connection_for_read() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0)
        channel: Any = connection.default_channel
        return {name: int(channel.queue_declare(name).message_count) for name in queues}
