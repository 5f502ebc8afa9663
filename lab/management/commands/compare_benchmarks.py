"""Compares two runs of the benchmark: figures by family, and listing by listing.

Times are ignored, as they differ from run to run. Exits with 1 where anything else differs.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

TIMED = {"milliseconds", "stages"}

type Row = dict[str, Any]
type Key = tuple[str, str, str]


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("before", type=Path, help="written by manage.py benchmark --json")
        parser.add_argument("after", type=Path)
        parser.add_argument("--show", type=int, default=20, help="show at most this many listings")

    def handle(self, *args: Any, before: Path, after: Path, show: int, **options: Any) -> None:
        old, new = rows_of(before), rows_of(after)
        both = sorted(old.keys() & new.keys())
        for name, only in (("before", old.keys() - new.keys()), ("after", new.keys() - old.keys())):
            if only:
                self.stdout.write(f"{len(only)} listings are only in {name}.")
        told = differences(old, new, both)
        for key, changed in list(told.items())[:show]:
            said = ", ".join(f"{name} {was!r} -> {now!r}" for name, (was, now) in changed.items())
            self.stdout.write(f"{' '.join(key)}: {said}")
        compared = sorted(fields(old, new, both))
        self.stdout.write(f"{len(told)} of {len(both)} listings differ in {', '.join(compared)}.")
        if told or old.keys() != new.keys():
            sys.exit(1)


def rows_of(path: Path) -> dict[Key, Row]:
    """Returns the rows by path, family and design. Raises CommandError."""
    try:
        listings = json.loads(path.read_text())["listings"]
        return {(one["path"], one["family"], one["design_id"]): one for one in listings}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise CommandError(f"{path} was not written by benchmark --json: {error}") from error


def fields(old: dict[Key, Row], new: dict[Key, Row], keys: list[Key]) -> set[str]:
    """Returns the fields that both runs have."""
    if not keys:
        return set()
    return (old[keys[0]].keys() & new[keys[0]].keys()) - TIMED


def differences(
    old: dict[Key, Row], new: dict[Key, Row], keys: list[Key]
) -> dict[Key, dict[str, tuple[Any, Any]]]:
    compared = fields(old, new, keys)
    found = {
        key: {
            name: (old[key][name], new[key][name])
            for name in sorted(compared)
            if old[key][name] != new[key][name]
        }
        for key in keys
    }
    return {key: changed for key, changed in found.items() if changed}
