"""When a delivery that failed is tried again, and when its endpoint is let be."""

import random
from datetime import datetime, timedelta

# Seconds after the first attempt, the second and so on: a day in all, then it is given up.
DELAYS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800)
JITTER = 0.2  # so that what failed together does not come back together
# Of an endpoint that failed for so long, with nothing delivered in between, its owners are told; after a
# day, and so many failures, it is paused.
TELL_AFTER = timedelta(hours=1)
MAX_FAILURES, FAILING_FOR = 20, timedelta(days=1)


def next_attempt(attempts_made: int, now: datetime) -> datetime | None:
    """None after the last."""
    if attempts_made > len(DELAYS):
        return None
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    return now + timedelta(seconds=DELAYS[max(1, attempts_made) - 1] * spread)
