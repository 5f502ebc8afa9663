"""Matches a listing in a process that may have only just started."""

import time

from detection.intake.actions.ingest import hand_over
from detection.intake.models import Listing
from detection.matching import matcher
from detection.matching.actions.match_listing import match_listing

# For loading and catching up, of the 300 seconds that this task has.
MAX_START_SECONDS = 20.0
# No picture is begun after this. A long picture takes up to 49 times as long as another one
# (docs/decisions/0026-long-pictures.md), so that twelve of them need several tasks.
MAX_SECONDS = 30.0


def begin_matching(*, listing: Listing) -> None:
    """Loads this process's matcher first. If that took long, the listing goes to another task, which has
    its full time limit. So do the pictures that are left when the time is up.
    """
    began = time.monotonic()
    loaded = matcher.this_process_matcher()
    loaded.register.catch_up()
    took = time.monotonic() - began
    if took > MAX_START_SECONDS or not match_listing(
        listing=listing, matcher=loaded, seconds=MAX_SECONDS - took
    ):
        hand_over(listing)
