"""Failures that pass on their own, and so are worth a retry.

Every other failure would repeat for ever; it is recorded where people see it.
"""

import errno

from django.db.utils import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as CacheError
from redis.exceptions import TimeoutError as CacheTimeout


class StorageAway(Exception):
    """The whole folder of files is missing, not one file: a volume is not mounted."""


TRANSIENT_ERRORS = (
    *(OperationalError, InterfaceError),  # the database is away, restarts, or is locked for long
    *(BrokerError, CacheError, CacheTimeout),  # the broker is away
    *(ConnectionError, TimeoutError),  # refused, reset, aborted; too slow this once
    *(InterruptedError, BlockingIOError),  # interrupted by a signal; not ready yet
    StorageAway,
)
# The transient part of OSError. FileNotFoundError, PermissionError, IsADirectoryError and EIO (a bad sector
# stays bad) belong to one file, and a retry would find the same.
TRANSIENT_ERRNOS = frozenset(
    {
        *(
            errno.ENOSPC,
            errno.EDQUOT,
        ),  # a full disk says nothing about the picture: somebody frees space
        errno.ESTALE,  # a network file system whose server came back
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EBUSY, errno.EAGAIN),
        *(errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH),
    }
)


def is_transient(error: BaseException) -> bool:
    if isinstance(error, TRANSIENT_ERRORS):
        return True
    return isinstance(error, OSError) and error.errno in TRANSIENT_ERRNOS
