"""Work that one worker at a time does: whose lease has run out, another one may begin."""

from datetime import datetime

from django.db.models import Q


def free(now: datetime) -> Q:
    """Rows with `leased_until` that no worker is at."""
    return Q(leased_until=None) | Q(leased_until__lt=now)
