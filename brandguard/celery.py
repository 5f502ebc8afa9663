"""Background work: one queue for each kind of work, so that a surge of one kind cannot starve another;
brandguard/runtime/plan.py assigns queues to workers.

Arguments are ids, never rows. Every task can run twice and leave the same rows: the broker redelivers a task
whose worker was killed (`acks_late`), and the sweeps of upkeep queue again what has no result. Results are
database rows, so there is no result back end.
"""

import os
from collections.abc import Mapping
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

from django.conf import settings

from brandguard.kernel.queueing import (
    ENROL,
    FETCH,
    HARD_LIMIT,
    MATCH,
    NOTIFY,
    QUEUES,
    SOFT_LIMIT,
    UPKEEP,
)
from brandguard.logs import SWEEPS
from brandguard.runtime.broker import broker_url

# A worker process loads its models and the index before it takes work; with the default, Celery would kill
# it and its successor after 4 seconds.
START_SECONDS = 300


def every(seconds: float, task: str) -> dict[str, Any]:
    """Schedules a sweep. One that could not run expires, because the next one does its work."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app = Celery("brandguard")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL, settings.DATA_DIR),
    broker_connection_retry_on_startup=True,
    # Tasks of a vanished worker are redelivered after this long. The sweeps are much faster, so this only
    # needs to be longer than any task. A broker that is up but silent must not hold a web request: the
    # sweeps find a listing that could not be queued.
    broker_transport_options={
        "visibility_timeout": 3600,
        "socket_connect_timeout": 3,
        "socket_timeout": 5,
    },
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.2},
    task_queues=[Queue(name) for name in QUEUES],
    task_default_queue=UPKEEP,
    task_routes={
        "fingerprints.tasks.enrol_design": {"queue": ENROL},
        "detection.matching.tasks.match_listing": {"queue": MATCH},
        "detection.matching.tasks.run_robustness_test": {"queue": MATCH},
        "detection.review.tasks.examine_report": {"queue": MATCH},
        "detection.intake.tasks.fetch_images": {"queue": FETCH},
        "detection.intake.tasks.import_listings": {"queue": FETCH},
        "detection.delivery.tasks.deliver": {"queue": NOTIFY},
        "accounts.tasks.send_mails": {"queue": NOTIFY},
        # This task loads the index, which only workers of this queue have.
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
    worker_max_tasks_per_child=2000,  # bounds the cost of a leak in a native library
    beat_schedule_filename=str(settings.DATA_DIR / "beat"),
    beat_schedule={
        "requeue-listings": every(10, "detection.intake.tasks.requeue_listings"),
        "apply-decisions": every(3, "detection.review.tasks.apply_decisions"),
        "release-overdue-appeals": every(60, "detection.review.tasks.release_overdue_appeals"),
        "sweep-deliveries": every(5, "detection.delivery.tasks.sweep_deliveries"),
        "continue-replays": every(5, "detection.delivery.tasks.continue_replays"),
        "resume-imports": every(60, "detection.intake.tasks.resume_imports"),
        "resume-robustness-tests": every(60, "detection.matching.tasks.resume_robustness_tests"),
        "resume-reports": every(60, "detection.review.tasks.resume_reports"),
        "reassess": every(10, "detection.review.tasks.reassess"),
        "reassess-incomplete": every(10, "detection.review.tasks.reassess_incomplete"),
        "requeue-designs": every(10, "fingerprints.tasks.requeue_designs"),
        # a listing is released within a minute of the day on which its right ends
        "expire-rights": every(60, "fingerprints.tasks.expire_rights"),
        "discard-old-tables": every(600, "fingerprints.tasks.discard_old_tables"),
        "send-mails": every(60, "accounts.tasks.send_mails"),
        "save-index-snapshot": every(300, "fingerprints.tasks.save_index_snapshot"),
    },
    timezone="UTC",
)
SWEEPS.update(entry["task"] for entry in app.conf.beat_schedule.values())
app.autodiscover_tasks(
    [
        "accounts",
        "fingerprints",
        "detection.intake",
        "detection.matching",
        "detection.review",
        "detection.delivery",
    ]
)


@setup_logging.connect
def keep_our_logs(**_: Mapping[str, Any]) -> None:
    """Connected so that Celery leaves logging alone; settings configures it."""
