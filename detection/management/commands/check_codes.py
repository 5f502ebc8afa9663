"""Names stored territories, currencies and offices that are none. Ends with 1 if there are any.

A right for what is no country covers nothing, and no right covers a listing that is on offer there:
they are to be submitted or sent again with the code that is meant.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from brandguard.kernel.errors import DomainError
from detection.intake import currencies
from detection.intake.models import Listing
from fingerprints import territories
from fingerprints.actions.rights import registrar
from fingerprints.models import Right


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for row, fault in wrong():
            found += 1
            self.stdout.write(f"{type(row).__name__} {row.pk} {fault.field}: {fault.advice}")
        if found:
            raise CommandError(
                f"{found} stored codes are wrong: have what they stand in sent again."
            )
        self.stdout.write("All stored codes are known.")


def wrong() -> Iterator[tuple[Right | Listing, DomainError]]:
    """Of rights in play and of listings on offer."""
    for right in Right.objects.in_play().iterator(1000):
        yield from faults(right, lambda r: territories.checked(r.territories))
        yield from faults(right, lambda r: registrar(r.office, r.right_kind))
    for listing in Listing.objects.current().iterator(1000):
        yield from faults(
            listing, lambda o: territories.checked(o.territories, territories.OF_LISTINGS)
        )
        yield from faults(listing, lambda o: currencies.checked(o.currency))


def faults[Row: Right | Listing](
    row: Row, check: Callable[[Row], object]
) -> Iterator[tuple[Row, DomainError]]:
    try:
        check(row)
    except DomainError as fault:
        yield row, fault
