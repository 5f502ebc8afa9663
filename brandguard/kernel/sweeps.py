"""Helpers for the sweeps of upkeep: each handles a bounded number of rows, and one that fails stops no
other.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from brandguard.kernel.transient import is_transient

logger = logging.getLogger(__name__)
MAX_A_SWEEP = 500  # the next sweep handles the rest
# Longer than a message takes from commit to broker, so that fresh work is not queued twice.
QUEUED_LONG_AGO = timedelta(seconds=10)
# For a load under which the queue never runs empty: longer than a message should ever wait.
MAX_WAIT = timedelta(minutes=10)


def each[Row](rows: Iterable[Row], act: Callable[[Row], object]) -> int:
    """Returns how many succeeded. A failure is logged, and the next sweep tries the row again."""
    done = 0
    for row in rows:
        try:
            act(row)
        except Exception as error:
            if is_transient(error):
                raise
            logger.exception("A sweep failed on %s.", row)
        else:
            done += 1
    return done
