"""Which organisations are marketplaces, and whom each has admitted.

What a marketplace is belongs to another app, which this one must not import: it says so here when
it is ready.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from fingerprints.models import Organisation


@dataclass(frozen=True)
class Place:
    """A marketplace, as it stands to one brand owner."""

    name: str
    admits: bool


type Finder = Callable[[], QuerySet[Organisation]]
type Standing = Callable[[Organisation], list[Place]]

KNOWN: list[tuple[Finder, Standing]] = []


def register(finder: Finder, standing: Standing) -> None:
    """Once is enough; there is one app that knows."""
    KNOWN[:] = [(finder, standing)]


def marketplaces() -> QuerySet[Organisation]:
    """None where no app knows of any."""
    return KNOWN[0][0]() if KNOWN else Organisation.objects.none()


def places_for(organisation: Organisation) -> list[Place]:
    """All marketplaces, by name."""
    return KNOWN[0][1](organisation) if KNOWN else []
