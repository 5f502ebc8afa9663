"""Writes the audit trail, oldest first, with one JSON object on each line."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import AuditEvent

FIELDS = ("id", "at", "action", "actor", "actor_id", "subject_type", "subject_id", "data")


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after",
            type=moment,
            help="first moment, such as 2026-11-25 or 2026-11-25T08:00:00+00:00",
        )
        parser.add_argument("--until", type=moment, help="moment before which to stop")

    def handle(self, *args: Any, **options: Any) -> None:
        events = AuditEvent.objects.order_by("at", "id")
        if options["after"]:
            events = events.filter(at__gte=options["after"])
        if options["until"]:
            events = events.filter(at__lt=options["until"])
        for event in events.values(*FIELDS).iterator(1000):
            self.stdout.write(json.dumps(event, default=str, ensure_ascii=False))
