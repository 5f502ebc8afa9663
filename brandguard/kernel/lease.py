"""Work that one worker at a time does: whose lease has run out, another one may begin."""

from datetime import datetime

from django.db.models import Q

MAX_ATTEMPTS = (
    3  # workers that may end on one piece of work, before it is told that it cannot be done
)


def free(now: datetime) -> Q:
    """Rows with `leased_until` that no worker is at."""
    return Q(leased_until=None) | Q(leased_until__lt=now)
