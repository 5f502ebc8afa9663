"""Compares the vector index, as snapshot and journal make it, with the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fingerprints.index.live import live_index
from fingerprints.index.verification import compare


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        index = live_index()
        found = compare(index)
        self.stdout.write(
            f"generation {index.generation}: {found.compared} in the database, "
            f"{len(found.missing)} missing, {len(found.stale)} stale, {len(found.extra)} extra"
        )
        if not found.is_clean:
            raise CommandError("The index differs from the database: run manage.py rebuild_index.")
