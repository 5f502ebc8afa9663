"""Recomputes a stored match from its stored data and reports what has changed since."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from detection.matching.actions.rescore import CannotRescore, rescore
from detection.matching.matcher import this_process_matcher
from detection.matching.models import Match


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="id of the match, as the alert's page shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        match = (
            Match.objects.select_related("listing_image", "view").filter(pk=options["id"]).first()
        )
        if match is None:
            raise CommandError(f"There is no match {options['id']}.")
        try:
            result = rescore(match=match, matcher=this_process_matcher())
        except CannotRescore as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"stored {result.stored:.2f}, recomputed {result.again:.2f}")
        for channel, figures in result.figures.items():
            values = ", ".join(f"{name} {value:.4g}" for name, value in figures.items())
            self.stdout.write(f"{channel}: {values}")
        for name, (before, now) in result.changed.items():
            self.stdout.write(f"changed since: {name} was {before}, is {now}")
        if not result.agrees:
            raise CommandError("The two differ by more than 0.5.")
