"""Background work: queues by kind, so that a flood of one cannot starve another; which worker takes
which is in brandguard/processes/plan.py.

Ids travel as arguments, never rows. Every task can run twice and leave the same rows: the broker
hands a task out again when its worker was killed (`acks_late`), and the sweeps of upkeep queue
again what has no result. Results are rows of the database, so there is no result back end.
"""

import os
from collections.abc import Mapping
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging
from celery.utils.time import get_exponential_backoff_interval
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

from django.conf import settings

from brandguard.logs import SWEEPS
from brandguard.processes.broker import broker_url
from brandguard.transient import is_transient

CHECK = "check"  # a listing's pictures while a marketplace waits: a worker of its own
FETCH = "fetch"  # pictures from addresses: waiting for strangers' servers must hold up nothing else
ENROL = "enrol"  # a design's fingerprints: few, and someone waits before a browser
MATCH = "match"  # a listing's pictures: the bulk of the work
NOTIFY = "notify"  # webhooks: waiting for strangers' servers must hold up nothing else
UPKEEP = "upkeep"  # sweeps: short, and what heals everything else

# Seconds. A picture takes about half a second; twelve of the largest on a slow machine stay well
# under the soft limit, and a decoder that hangs is ended.
SOFT_LIMIT, HARD_LIMIT = 120, 150

# What fails for a reason that passes is tried again within 1, 2, 4, 8 and 16 seconds. What is still not
# done then is queued again by the sweeps, for as long as it takes.
RETRIES = 5
# A worker process loads its models and the index before it takes work; Celery would kill it, and the
# next one, after 4 seconds.
START_SECONDS = 300


def every(seconds: float, task: str) -> dict[str, Any]:
    """A sweep that could not run is of no use later: the next one does its work."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


class RetriedTask(Task):  # type: ignore[type-arg] # subscripted by its stubs alone
    """Tried again after a transient failure, and after no other."""

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


app = Celery("brandguard")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL, settings.DATA_DIR),
    broker_connection_retry_on_startup=True,
    # A worker that vanishes gives its tasks back after this long; the sweeps are much faster,
    # so this only needs to be longer than any task.
    # A broker that is there but silent must not hold a web request: a listing that could not be
    # queued is found by the sweeps.
    broker_transport_options={
        "visibility_timeout": 3600,
        "socket_connect_timeout": 3,
        "socket_timeout": 5,
    },
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.2},
    task_queues=[Queue(name) for name in (CHECK, FETCH, ENROL, MATCH, NOTIFY, UPKEEP)],
    task_default_queue=UPKEEP,
    task_routes={
        "fingerprints.tasks.enrol_design": {"queue": ENROL},
        "detection.tasks.match_listing": {"queue": MATCH},
        "detection.tasks.attack_design": {"queue": MATCH},
        "detection.tasks.examine_report": {"queue": MATCH},
        "detection.tasks.fetch_images": {"queue": FETCH},
        "detection.tasks.import_listings": {"queue": FETCH},
        "detection.tasks.deliver": {"queue": NOTIFY},
        "fingerprints.tasks.send_mails": {"queue": NOTIFY},
        # It loads the index, which the worker of this queue has and that of upkeep has not.
        "fingerprints.tasks.save_index_snapshot": {"queue": ENROL},
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_soft_time_limit=SOFT_LIMIT,
    task_time_limit=HARD_LIMIT,
    worker_proc_alive_timeout=START_SECONDS,
    worker_prefetch_multiplier=1,  # a task of seconds must not wait behind a busy process
    worker_hijack_root_logger=False,
    worker_max_tasks_per_child=2000,  # bounds what a leak in a native library can cost
    beat_schedule_filename=str(settings.DATA_DIR / "beat"),
    beat_schedule={
        "requeue-listings": every(10, "detection.tasks.requeue_listings"),
        "conclude-decisions": every(3, "detection.tasks.conclude_decisions"),
        "release-overdue-appeals": every(60, "detection.tasks.release_overdue_appeals"),
        "sweep-deliveries": every(5, "detection.tasks.sweep_deliveries"),
        "go-on-with-replays": every(5, "detection.tasks.go_on_with_replays"),
        "resume-imports": every(60, "detection.tasks.resume_imports"),
        "resume-coverage": every(60, "detection.tasks.resume_coverage"),
        "resume-reports": every(60, "detection.tasks.resume_reports"),
        "resettle": every(10, "detection.tasks.resettle"),
        "settle-incomplete": every(10, "detection.tasks.settle_incomplete"),
        "requeue-designs": every(10, "fingerprints.tasks.requeue_designs"),
        # a listing is released within a minute of the day on which its right ended
        "expire-rights": every(60, "fingerprints.tasks.expire_rights"),
        "discard-old-tables": every(600, "fingerprints.tasks.discard_old_tables"),
        "send-mails": every(60, "fingerprints.tasks.send_mails"),
        "save-index-snapshot": every(300, "fingerprints.tasks.save_index_snapshot"),
    },
    timezone="UTC",
)
SWEEPS.update(entry["task"] for entry in app.conf.beat_schedule.values())
app.autodiscover_tasks(["fingerprints", "detection"])


@setup_logging.connect
def keep_our_logs(**_: Mapping[str, Any]) -> None:
    """Celery leaves logging alone when something listens here: settings has set it up."""
