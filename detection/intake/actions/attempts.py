"""Counts the workers that a listing ends, so that a listing which ends every worker fails and is not
tried for ever. Pictures have a count of their own; this one is for the work outside of them.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_noop

from brandguard.kernel.lease import MAX_ATTEMPTS
from brandguard.kernel.transient import is_transient
from detection.intake.actions.fail import fail_listing
from detection.intake.models import Listing

GAVE_UP, GAVE_UP_TEXT = (
    "gave_up",
    gettext_noop("No verdict was reached in several attempts: the operator must investigate."),
)


def counted(listing: Listing, act: Callable[[Listing], None]) -> None:
    """Runs `act` and counts the attempt, or gives up. A transient failure does not count."""
    if listing.attempts >= MAX_ATTEMPTS:
        give_up(listing)
        return
    listing.note_attempts(listing.attempts + 1)
    try:
        act(listing)
    except Exception as error:
        if is_transient(error):
            listing.note_attempts(listing.attempts)
        raise
    listing.note_attempts(0)


def give_up(listing: Listing) -> None:
    with transaction.atomic():
        row = listing.as_it_stood().select_for_update().first()
        if row:
            fail_listing(row, rule=GAVE_UP, text=GAVE_UP_TEXT)
