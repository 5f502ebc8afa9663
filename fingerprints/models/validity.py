"""Periods from one day to another, both included, or without end. Days are in UTC."""

from datetime import date

from django.db.models import F, Q

ENDS_AFTER_IT_BEGINS = Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))


def valid_on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def over_on(day: date) -> Q:
    return Q(valid_until__lt=day)


def turned_since(field: str, day: date) -> Q:
    """Matches periods that began or ended after the day in `field`, up to `day`."""
    since = F(field)
    begun = Q(valid_from__gt=since, valid_from__lte=day)
    return begun | Q(valid_until__gte=since, valid_until__lt=day)
