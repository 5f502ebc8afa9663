"""Leases: one worker at a time does a piece of work, and another may take it once the lease has expired."""

from datetime import datetime

from django.db.models import Q

MAX_ATTEMPTS = 3  # workers that may die on one piece of work before it counts as failed


def free(now: datetime) -> Q:
    """Returns the filter for rows whose `leased_until` no worker holds."""
    return Q(leased_until=None) | Q(leased_until__lt=now)
