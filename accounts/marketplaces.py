"""Which organisations are marketplaces, whom each has admitted, and who acts for one."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Marketplace, Organisation
from accounts.models.person import Person


@dataclass(frozen=True)
class Standing:
    """A marketplace, as it stands to one brand owner."""

    name: str
    admits: bool


def marketplaces() -> QuerySet[Organisation]:
    """The organisations of those that send listings."""
    return Organisation.objects.filter(marketplace__isnull=False)


def standings_of(organisation: Organisation) -> list[Standing]:
    """With every marketplace, by name."""
    admitting = set(Marketplace.objects.filter(admits=organisation).values_list("pk", flat=True))
    every = Marketplace.objects.values_list("pk", "name")
    return [Standing(name, admits=pk in admitting) for pk, name in every]


def marketplaces_of(user: Person) -> QuerySet[Marketplace]:
    return Marketplace.objects.filter(organisation__in=Organisation.objects.of(user))
