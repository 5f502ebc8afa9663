"""When a failed delivery is tried again, and when its endpoint is paused."""

import random
from datetime import datetime, timedelta

# Seconds after the first attempt, the second and so on: a day in all, then the delivery is given up.
DELAYS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800)
JITTER = 0.2  # spreads retries of deliveries that failed together
# Owners get a mail when an endpoint has failed for this long with no delivery in between. It is paused
# after MAX_FAILURES failures in a row over at least FAILING_FOR.
NOTIFY_AFTER = timedelta(hours=1)
MAX_FAILURES, FAILING_FOR = 20, timedelta(days=1)


def next_attempt(attempts_made: int, now: datetime) -> datetime | None:
    """Returns the time of the next attempt, or None after the last."""
    if attempts_made > len(DELAYS):
        return None
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    return now + timedelta(seconds=DELAYS[max(1, attempts_made) - 1] * spread)
