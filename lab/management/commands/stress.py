"""Sends listings at a steady rate to a running service; exits with 1 beyond its limits."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lab.demo.pictures import bundled, from_folder
from lab.stress.load import Figures, Load, figures


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="URL of the service, for example http://127.0.0.1:8000")
        parser.add_argument(
            "--key", default=os.environ.get("BRANDGUARD_KEY", ""), help="or BRANDGUARD_KEY"
        )
        parser.add_argument("--listings", type=int, default=100)
        parser.add_argument("--rate", type=float, default=2.0, help="listings a second")
        parser.add_argument("--images", type=Path, help="a folder of pictures of your own")
        parser.add_argument(
            "--most-errors", type=float, default=0.0, help="share of requests that may fail"
        )
        parser.add_argument(
            "--p95", type=float, default=1000, help="limit in ms until a listing is accepted (p95)"
        )
        parser.add_argument(
            "--verdict-p95", type=float, default=60_000, help="limit in ms until its verdict (p95)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["key"]:
            raise CommandError("--key is missing: an API key of a marketplace, scope listings.")
        folder = options["images"]
        collection = from_folder(folder) if folder else bundled()
        pictures = [photograph.data for photograph in collection.registered]
        load = Load(options["url"], options["key"], pictures)
        started = time.monotonic()
        sent = []
        for one in load.send(options["listings"], options["rate"]):
            sent.append(one)
            if len(sent) % max(1, options["listings"] // 20) == 0:
                self.stderr.write(f"{len(sent)} of {options['listings']}")
        found = figures(sent, load.repeated(sent), time.monotonic() - started)
        self.stdout.write(table(found))
        if broken := limits_broken(found, options):
            raise CommandError("; ".join(broken))


def table(found: Figures) -> str:
    def three(values: tuple[float, float, float]) -> str:
        return "p50 {:.0f}, p95 {:.0f}, p99 {:.0f} ms".format(*values)

    rows = [
        ("sent", str(found.sent)),
        ("accepted", str(found.accepted)),
        ("with a verdict", f"{found.assessed}, {found.throughput:.1f} a second"),
        ("until accepted", three(found.accepting)),
        ("until the verdict", three(found.settling)),
        ("verdicts", ", ".join(f"{name} {n}" for name, n in sorted(found.verdicts.items()))),
        ("errors", ", ".join(f"{name} {n}" for name, n in sorted(found.errors.items())) or "0"),
        ("lost", str(found.lost)),
        ("repeated", str(found.repeated)),
    ]
    return "\n".join(f"{name:<20}{value}" for name, value in rows)


def limits_broken(found: Figures, options: dict[str, Any]) -> list[str]:
    errors = sum(found.errors.values()) / max(1, found.sent)
    checks = [
        (found.accepted < found.sent, f"{found.sent - found.accepted} were never accepted"),
        (found.lost > 0, f"{found.lost} accepted listings have no verdict"),
        (found.repeated > 0, f"{found.repeated} listings are there twice"),
        (errors > options["most_errors"], f"errors {errors:.1%}"),
        (found.accepting[1] > options["p95"], f"p95 {found.accepting[1]:.0f} ms until accepted"),
        (
            found.settling[1] > options["verdict_p95"],
            f"p95 {found.settling[1]:.0f} ms until the verdict",
        ),
    ]
    return [what for broken, what in checks if broken]
