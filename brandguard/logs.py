"""Logs: one JSON object a line on standard error, from our code and from the libraries alike."""

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


SWEEPS: set[str] = set()  # names of tasks; brandguard/celery.py fills it
NOTHING = {"None", "0", ""}


class FoundSomething(logging.Filter):
    """A sweep returns how many rows it acted on. One that found none leaves no line."""

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
                "faiss": {"level": "WARNING"},  # it tells of its loading every time
                "django.request": {"level": "ERROR"},  # refusals have their line (access.py)
                # "Sending due task", "Task received": a task that did something says so at its end.
                "celery.beat": {"level": "WARNING"},
                "celery.worker.strategy": {"level": "WARNING"},
                "celery.app.trace": {"filters": ["found_something"]},
            },
        }
    )
