"""Rebuilds the vector indexes from the database; every running process then reloads them."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from fingerprints.index.live import live_indexes
from fingerprints.models import IndexChange


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for index in live_indexes():
            with transaction.atomic():
                IndexChange.objects.record(IndexChange.Operation.RELOAD, index.generation, [0])
            position = index.rebuild()
            count = len(index.state().index)
            self.stdout.write(
                f"generation {index.generation} of {index.spec.name}: {count} vectors, "
                f"at change {position.number}"
            )
