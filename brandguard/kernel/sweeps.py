"""What the sweeps of upkeep have in common: a bounded share of the rows that are left, and one that fails
stops none of the others.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from brandguard.kernel.transient import is_transient

logger = logging.getLogger(__name__)
MAX_A_SWEEP = 500  # what is left then is for the next one
# Longer than a message needs from commit to broker, so that fresh work is not queued twice.
QUEUED_LONG_AGO = timedelta(seconds=10)
# Under a load that never lets the queue run empty: longer than a message should ever wait there.
MAX_WAIT = timedelta(minutes=10)


def each[Row](rows: Iterable[Row], act: Callable[[Row], object]) -> int:
    """How many worked out. One that did not is logged, and the next sweep comes to it again."""
    done = 0
    for row in rows:
        try:
            act(row)
        except Exception as error:
            if is_transient(error):
                raise
            logger.exception("A sweep could not deal with %s.", row)
        else:
            done += 1
    return done
