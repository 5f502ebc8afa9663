"""Measures matching on a folder of labelled pictures, with production's code and a database that
is thrown away: recall and false alerts by family, peers, time by stage.
"""

import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from detection.actions.matcher import this_process_matcher
from detection.benchmark.measure import PEERS, Setting, measure
from detection.benchmark.report import by_family, family_figures, overall, peer_recall, table
from detection.benchmark.rows import Job, Row
from detection.calibration.folder import EDITED_KINDS, LabelledFolder, read_folder
from detection.demo.tenants import make_tenants
from detection.edit_families import FAMILIES
from fingerprints.actions.enrol import enrol_design
from fingerprints.actions.register import register_design
from fingerprints.models import Brand, Organisation

MARK = "BRANDGUARD_BENCHMARK"  # set in the run that has the throw-away folder


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # they would open the install's own database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="has designs.csv and listings.csv")
        parser.add_argument("--edits", action="store_true", help="also edits of the designs")
        parser.add_argument("--json", type=Path, help="write families, listings, environment")
        parser.add_argument("--peer", action="append", choices=list(PEERS), default=[])
        parser.add_argument("--families", default="", help="only these, separated by commas")
        parser.add_argument("--limit", type=int, help="at most so many listings a family")
        parser.add_argument(
            "--half", type=int, choices=(0, 1), help="0 is calibrated on, 1 held out"
        )
        parser.add_argument("--threshold", type=float, default=85.0)
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, **options: Any) -> None:
        if MARK not in os.environ:
            in_a_throw_away_folder(options["processes"])
        started = time.monotonic()
        call_command("migrate", verbosity=0)
        folder = read_folder(options["folder"])
        if options["half"] is not None:
            folder = folder.half(options["half"])
        self.enrol(folder)
        setting = Setting(folder.root, options["threshold"], tuple(options["peer"]))
        rows = list(self.match(setting, jobs(folder, options), options["processes"]))
        self.report(rows, setting, options, time.monotonic() - started)

    def enrol(self, folder: LabelledFolder) -> None:
        owner = make_tenants().brand.organisation
        by = owner.memberships.get().user
        encoder = this_process_matcher().encoder
        designs: dict[tuple[str, str, str], list[str]] = {}
        for row in folder.designs:
            designs.setdefault((row.design_id, row.brand, row.kind), []).append(row.path)
        for done, ((name, brand, kind), paths) in enumerate(designs.items(), 1):
            files = [ContentFile((folder.root / p).read_bytes(), Path(p).name) for p in paths]
            design = register_design(
                brand=brand_named(brand, owner),
                name=name,
                design_kind=kind,
                files=files,
                by=by,
            )
            enrol_design(design=design, encoder=encoder)
            self.progress("enrolling designs", done, len(designs))

    def match(self, setting: Setting, todo: list[Job], processes: int) -> Iterator[Row]:
        connections.close_all()
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, context, django.setup) as pool:
            futures = [pool.submit(partial(measure, setting), job) for job in todo]
            for done, future in enumerate(as_completed(futures), 1):
                if row := future.result():
                    yield row
                self.progress("matching listings", done, len(todo))

    def report(
        self, rows: list[Row], setting: Setting, options: dict[str, Any], seconds: float
    ) -> None:
        rows.sort(key=lambda row: (row.family, row.path))
        families = {
            name: family_figures(found, setting.threshold)
            for name, found in by_family(rows).items()
        }
        peers = {peer: peer_recall(rows, peer, setting.threshold) for peer in setting.peers}
        whole = overall(rows, setting.threshold) | {"seconds": round(seconds)}
        self.stdout.write(table(families, peers))
        self.stdout.write(json.dumps(whole, indent=2))
        if options["json"]:
            options["json"].write_text(
                json.dumps(
                    {
                        "families": families,
                        "overall": whole,
                        "peers": peers,
                        "listings": [asdict(row) for row in rows],
                        "environment": environment(options["processes"]),
                    }
                )
            )

    def progress(self, what: str, done: int, of: int) -> None:
        if done == of or done % 20 == 0:
            self.stderr.write(f"\r{what}: {done} of {of}   ", ending="\n" if done == of else "")


def in_a_throw_away_folder(processes: int) -> None:
    """Runs this very command again, on a database and a data folder that go when it ends."""
    with tempfile.TemporaryDirectory(prefix="brandguard-benchmark-") as folder:
        own = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        own |= {
            MARK: "1",
            "BRANDGUARD_DATA_DIR": folder,
            "REDIS_URL": "memory://",
            "WORKER_CONCURRENCY": str(processes),
            "LOG_LEVEL": "ERROR",
        }
        done = subprocess.run([sys.executable, *sys.argv], env=own, check=False)  # noqa: S603
    sys.exit(done.returncode)


def jobs(folder: LabelledFolder, options: dict[str, Any]) -> list[Job]:
    made = [Job(row.path, row.family, row.design_id, row.brand) for row in folder.listings]
    if options["edits"]:
        made += edit_jobs(folder)
    wanted = set(filter(None, options["families"].split(",")))
    if wanted:
        made = [job for job in made if job.family in wanted]
    return limited(made, options["limit"])


def edit_jobs(folder: LabelledFolder) -> list[Job]:
    """Of the first view of each design of the kinds packaging and photo."""
    scenes = [row.path for row in folder.listings if row.family.startswith("unrelated-")]
    first = {row.design_id: row for row in reversed(folder.designs) if row.kind in EDITED_KINDS}
    return [
        Job(row.path, family, row.design_id, row.brand, scenes[number % len(scenes)])
        for number, row in enumerate(first.values())
        for family in FAMILIES
    ]


def limited(made: list[Job], limit: int | None) -> list[Job]:
    """Evenly over each family, so that a quick run sees all of it."""
    if limit is None:
        return made
    families: dict[str, list[Job]] = {}
    for job in made:
        families.setdefault(job.family, []).append(job)
    return [job for found in families.values() for job in found[:: max(1, -(-len(found) // limit))]]


def brand_named(name: str, owner: Organisation) -> Brand:
    return Brand.objects.get_or_create(organisation=owner, name=name)[0]


def environment(processes: int) -> dict[str, Any]:
    matcher = this_process_matcher()
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "processes": processes,
        "encoder": settings.ENCODER,
        "calibration": matcher.calibration.name,
        "libraries": matcher.libraries,
    }
