"""Reproduces a stored match from what was stored of it, and says what has changed since."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from detection.matching.actions.rescore import CannotRescore, rescore
from detection.matching.matcher import this_process_matcher
from detection.matching.models import Match


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="of the match, as the alert's page shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        match = (
            Match.objects.select_related("listing_image", "view").filter(pk=options["id"]).first()
        )
        if match is None:
            raise CommandError(f"There is no match {options['id']}.")
        try:
            found = rescore(match=match, matcher=this_process_matcher())
        except CannotRescore as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"stored {found.stored:.2f}, again {found.again:.2f}")
        for channel, figures in found.figures.items():
            said = ", ".join(f"{name} {value:.4g}" for name, value in figures.items())
            self.stdout.write(f"{channel}: {said}")
        for name, (before, now) in found.changed.items():
            self.stdout.write(f"changed since: {name} was {before}, is {now}")
        if not found.agrees:
            raise CommandError("The two differ by more than 0.5.")
