"""Lists stored territories, currencies and offices with an unknown code. Exits with 1 if there are any.

A right for an unknown territory covers no listing, and no right covers a listing offered in one. Submit
the right, or send the listing, again with the correct code.
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
        count = 0
        for row, error in wrong_codes():
            count += 1
            self.stdout.write(f"{type(row).__name__} {row.pk} {error.field}: {error.advice}")
        if count:
            raise CommandError(
                f"{count} stored codes are wrong: have these rights and listings sent again."
            )
        self.stdout.write("All stored codes are known.")


def wrong_codes() -> Iterator[tuple[Right | Listing, DomainError]]:
    """Yields each wrong code of the rights in play and of the current listings, with its error."""
    for right in Right.objects.in_play().iterator(1000):
        yield from errors_of(right, lambda row: territories.checked(row.territories))
        yield from errors_of(right, lambda row: registrar(row.office, row.right_kind))
    for listing in Listing.objects.current().iterator(1000):
        yield from errors_of(
            listing, lambda row: territories.checked(row.territories, territories.OF_LISTINGS)
        )
        yield from errors_of(listing, lambda row: currencies.checked(row.currency))


def errors_of[Row: Right | Listing](
    row: Row, check: Callable[[Row], object]
) -> Iterator[tuple[Row, DomainError]]:
    try:
        check(row)
    except DomainError as error:
        yield row, error
