"""Which organisations are marketplaces, which brand owners each admits, and who acts for one."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Marketplace, Organisation
from accounts.models.person import Person


@dataclass(frozen=True)
class Standing:
    """Whether a marketplace admits one brand owner."""

    name: str
    admits: bool


def marketplaces() -> QuerySet[Organisation]:
    """Returns the organisations that are marketplaces."""
    return Organisation.objects.filter(marketplace__isnull=False)


def standings_of(organisation: Organisation) -> list[Standing]:
    """Returns the organisation's standing with every marketplace, by name."""
    admitting = set(Marketplace.objects.filter(admits=organisation).values_list("pk", flat=True))
    every = Marketplace.objects.values_list("pk", "name")
    return [Standing(name, admits=pk in admitting) for pk, name in every]


def marketplaces_of(user: Person) -> QuerySet[Marketplace]:
    return Marketplace.objects.filter(organisation__in=Organisation.objects.of(user))
