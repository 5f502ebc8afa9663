"""Which failures pass by themselves, and so are worth another try.

Everything else would fail again for ever: it ends in a failure that is recorded where people see it.
"""

import errno

from django.db.utils import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as CacheError
from redis.exceptions import TimeoutError as CacheTimeout


class StorageAway(Exception):
    """Not one file is missing but the whole folder that they lie in: a volume is not mounted."""


TRANSIENT_ERRORS = (
    *(OperationalError, InterfaceError),  # the database is away, restarts, or is locked for long
    *(BrokerError, CacheError, CacheTimeout),  # the broker
    *(ConnectionError, TimeoutError),  # refused, reset, aborted; too slow this once
    *(InterruptedError, BlockingIOError),  # a signal came in between; not ready yet
    StorageAway,
)
# Of all that an OSError may be. FileNotFoundError, PermissionError, IsADirectoryError and EIO (a bad
# sector stays bad) are not among them: they are that file's, and the next try finds the same.
TRANSIENT_ERRNOS = frozenset(
    {
        *(
            errno.ENOSPC,
            errno.EDQUOT,
        ),  # a full disk is no fault of the picture: somebody makes room
        errno.ESTALE,  # a network file system whose server came back
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EBUSY, errno.EAGAIN),
        *(errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH),
    }
)


def is_transient(error: BaseException) -> bool:
    if isinstance(error, TRANSIENT_ERRORS):
        return True
    return isinstance(error, OSError) and error.errno in TRANSIENT_ERRNOS
