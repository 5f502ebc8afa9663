"""From a day to a day, both included, or without end. Days are those of UTC."""

from datetime import date

from django.db.models import F, Q

ENDS_AFTER_IT_BEGINS = Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))


def valid_on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def over_on(day: date) -> Q:
    return Q(valid_until__lt=day)


def turned_since(field: str, day: date) -> Q:
    """Begun or ended after the day that `field` names, and by `day`."""
    since = F(field)
    begun = Q(valid_from__gt=since, valid_from__lte=day)
    return begun | Q(valid_until__gte=since, valid_until__lt=day)
