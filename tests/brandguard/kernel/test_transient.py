"""What is tried again, and what ends in a failure that people see."""

import errno

import pytest
from django.db.utils import IntegrityError, InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as CacheError

from brandguard.celery import app
from brandguard.kernel.queueing import RETRIES, RetriedTask
from brandguard.kernel.transient import StorageAway, is_transient


@pytest.mark.parametrize(
    ("error", "transient", "reason"),
    [
        (OperationalError("database is locked"), True, "the database comes back"),
        (InterfaceError("connection already closed"), True, "the database comes back"),
        (BrokerError(), True, "the broker comes back"),
        (CacheError(), True, "the broker comes back"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), True, "whoever it was answers again"),
        (BrokenPipeError(errno.EPIPE, "pipe"), True, "whoever it was answers again"),
        (TimeoutError(), True, "it was slow this once"),
        (OSError(errno.EINTR, "signal"), True, "a signal came in between"),
        (OSError(errno.EAGAIN, "busy"), True, "it is not ready yet"),
        (OSError(errno.ENOSPC, "disk full"), True, "somebody makes room"),
        (OSError(errno.EDQUOT, "quota"), True, "somebody makes room"),
        (OSError(errno.ESTALE, "stale handle"), True, "the file server came back"),
        (OSError(errno.EMFILE, "too many files"), True, "others are closed"),
        (OSError(errno.EHOSTUNREACH, "no route"), True, "the network comes back"),
        (StorageAway(), True, "the volume is mounted again"),
        (FileNotFoundError(errno.ENOENT, "gone"), False, "this file is gone"),
        (PermissionError(errno.EACCES, "denied"), False, "this file stays closed"),
        (IsADirectoryError(errno.EISDIR, "folder"), False, "this is no file"),
        (OSError(errno.EIO, "bad sector"), False, "this file cannot be read"),
        (OSError(errno.ENAMETOOLONG, "name"), False, "this name stays too long"),
        (OSError("cannot identify image file"), False, "this is no picture"),
        (IntegrityError(), False, "the rows stay as they are"),
        (MemoryError(), False, "the same picture needs as much again"),
        (ValueError(), False, "a fault of ours"),
    ],
)
def test_what_passes_by_itself(error: Exception, reason: str, *, transient: bool) -> None:
    assert is_transient(error) is transient, reason


@pytest.mark.parametrize(
    ("error", "runs"), [(ConnectionResetError(), 1 + RETRIES), (FileNotFoundError(), 1)]
)
def test_a_task_is_tried_again_after_a_transient_failure_alone(error: Exception, runs: int) -> None:
    done = []

    @app.task(base=RetriedTask, name=f"tests.failing_{runs}")
    def failing() -> None:
        done.append(1)
        raise error

    assert failing.apply().result is error
    assert len(done) == runs
