"""Compares the vector indexes, built from snapshot and journal, with the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fingerprints.index.live import live_indexes
from fingerprints.index.verification import compare


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        clean = True
        for index in live_indexes():
            comparison = compare(index)
            self.stdout.write(
                f"generation {index.generation} of {index.spec.name}: {comparison.compared} in the "
                f"database, {len(comparison.missing)} missing, {len(comparison.stale)} stale, "
                f"{len(comparison.extra)} extra"
            )
            clean = clean and comparison.is_clean
        if not clean:
            raise CommandError("The index differs from the database: run manage.py rebuild_index.")
