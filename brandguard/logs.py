"""Logs one JSON object a line to standard error, from our code and from libraries."""

import logging
import logging.config
from collections.abc import Mapping

import structlog

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


SWEEPS: set[str] = set()  # names of tasks, filled by brandguard/celery.py
NOTHING = {"None", "0", ""}


class FoundSomething(logging.Filter):
    """Drops the line of a sweep that acted on no rows; its return value is that number."""

    def filter(self, record: logging.LogRecord) -> bool:
        done: Mapping[str, object] = getattr(record, "data", None) or {}
        succeeded = record.levelno < logging.WARNING and "return_value" in done
        return not (
            succeeded and done.get("name") in SWEEPS and str(done["return_value"]) in NOTHING
        )


def configure_logs(level: str) -> None:
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.JSONRenderer(),
                    ],
                    "foreign_pre_chain": SHARED,
                }
            },
            "filters": {"found_something": {"()": FoundSomething}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "faiss": {"level": "WARNING"},  # it logs every time it is loaded
                # refusals have their own line (kernel/requests.py)
                "django.request": {"level": "ERROR"},
                # "Sending due task", "Task received": a task that did something logs it at its end.
                "celery.beat": {"level": "WARNING"},
                "celery.worker.strategy": {"level": "WARNING"},
                "celery.app.trace": {"filters": ["found_something"]},
            },
        }
    )
