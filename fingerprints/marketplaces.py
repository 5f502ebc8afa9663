"""Which organisations are marketplaces: for licences, which name one.

What a marketplace is belongs to another app, which this one must not import: it says so here when
it is ready.
"""

from collections.abc import Callable

from django.db.models import QuerySet

from fingerprints.models import Organisation

type Finder = Callable[[], QuerySet[Organisation]]

FINDERS: list[Finder] = []


def register(finder: Finder) -> None:
    """Once is enough; there is one app that knows."""
    FINDERS[:] = [finder]


def marketplaces() -> QuerySet[Organisation]:
    """None where no app knows of any."""
    return FINDERS[0]() if FINDERS else Organisation.objects.none()
