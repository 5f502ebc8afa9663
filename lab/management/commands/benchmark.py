"""Measures matching on a folder of labelled pictures, with production's code and a temporary database:
recall and false alerts by family, peers, and time by stage. Or compares two earlier runs.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from brandguard.kernel.errors import DomainError
from brandguard.runtime import bound
from detection.matching.channel_states import channel_states
from detection.matching.matcher import this_process_matcher
from lab.benchmark.charts import draw, require_matplotlib
from lab.benchmark.compare import comparison, read_run
from lab.benchmark.enrolment import (
    Registration,
    add,
    distractors,
    enrol,
    further_views,
    registrations,
)
from lab.benchmark.environment import environment
from lab.benchmark.families import WITH_VIEWS
from lab.benchmark.faults import faults
from lab.benchmark.jobs import jobs, left_out
from lab.benchmark.measure import Setting, measure
from lab.benchmark.outcome import Outcome, outcome
from lab.benchmark.page.page import chosen, orders, page
from lab.benchmark.page.shots import draw as draw_pair
from lab.benchmark.peers import PEERS, enrolled, keep_pdq, pdq_of_view, require_pdq
from lab.benchmark.report import summary
from lab.calibration.folder import read_folder
from lab.demo.tenants import make_tenants
from lab.processes import processes
from lab.progress import progress

MARK = "BRANDGUARD_BENCHMARK"  # set in the run that has the temporary folder


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # they would open the installation's own database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", help="has designs.csv and listings.csv")
        parser.add_argument(
            "--compare",
            type=Path,
            nargs=2,
            metavar=("BEFORE", "AFTER"),
            help="run nothing; print what changed between two files of --json, and exit with 1 where "
            "a listing did",
        )
        parser.add_argument(
            "--show", type=int, default=20, help="name at most this many listings a part"
        )
        parser.add_argument(
            "--families",
            default="",
            help="match only these families; names and patterns (edit-*), separated by commas",
        )
        parser.add_argument(
            "--limit", type=int, help="match at most this many listings of each family"
        )
        parser.add_argument(
            "--listings-only",
            action="store_true",
            help="match only the folder's own listings and make none (edits, other colours, long "
            "pictures, shelves)",
        )
        parser.add_argument(
            "--json", type=Path, help="write families, targets, listings, environment"
        )
        parser.add_argument(
            "--html", type=Path, help="write a page with every false alert and miss as pictures"
        )
        parser.add_argument("--charts", type=Path, help="draw three charts into this folder")
        parser.add_argument("--peer", action="append", choices=list(PEERS), default=[])
        parser.add_argument(
            "--half", type=int, choices=(0, 1), help="0 is for calibration, 1 is held out"
        )
        parser.add_argument(
            "--distractors", type=Path, help="also enrol every picture below this folder"
        )
        parser.add_argument("--distractors-limit", type=int, help="enrol at most this many of them")
        parser.add_argument(
            "--cache", type=Path, help="keep vectors in this folder; times are not measured"
        )
        parser.add_argument(
            "--required-only", action="store_true", help="leave out the optional channels"
        )
        parser.add_argument("--threshold", type=float, default=85.0)
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compare"]:
            before, after = options["compare"]
            self.compare(before, after, options["show"])
        elif options["folder"]:
            self.run(options)
        else:
            raise CommandError("Name a folder to measure, or two files with --compare.")

    def compare(self, before: Path, after: Path, most: int) -> None:
        text, differs = comparison(read_run(before), read_run(after), most)
        self.stdout.write(text)
        if differs:
            sys.exit(1)

    def run(self, options: dict[str, Any]) -> None:
        require_what_is_asked_for(options)
        folder = read_folder(options["folder"])
        if options["half"] is not None:
            folder = folder.half(options["half"])
        made = not options["listings_only"]
        todo = jobs(folder, families=options["families"], limit=options["limit"], made=made)
        besides = distractors_of(options)
        if MARK not in os.environ:
            in_a_throw_away_folder(options["processes"], required_only=options["required_only"])
        if made and (note := left_out(folder)):
            self.stderr.write(note)
        started = time.monotonic()
        call_command("migrate", verbosity=0)
        require_matcher()
        for off in (state.spec for state in channel_states() if not state.encoder):
            self.stderr.write(f"Channel off: {off.unseen} ({off.remedy})")
        setting = Setting(
            folder.root, options["threshold"], tuple(options["peer"]), options["cache"]
        )
        owner = make_tenants().brand.organisation
        with processes(options["processes"]) as pool:
            enrolling = partial(enrol, setting, owner)
            answers = self.each(pool, "enrolling designs", enrolling, registrations(folder))
            answers += self.each(pool, "enrolling distractors", enrolling, besides)
            if "pdq" in setting.peers:
                files = list(enrolled().values_list("file", flat=True))
                keep_pdq(self.each(pool, "hashing views", pdq_of_view, files))
            first = [job for job in todo if not job.family.endswith(WITH_VIEWS)]
            later = [job for job in todo if job.family.endswith(WITH_VIEWS)]
            measured = self.each(pool, "matching listings", partial(measure, setting), first)
            views = enrolled().count()
            further = further_views(folder) if later else []
            adding = partial(add, setting, owner)
            answers += self.each(pool, "adding photographs as views", adding, further)
            again = partial(measure, replace(setting, peers=()))
            measured += self.each(pool, "matching with these views", again, later)
            found = outcome(
                list(chain.from_iterable(measured)),
                setting.threshold,
                setting.peers,
                {
                    "enrolled_views": views,
                    "refused_designs": [answer for answer in answers if answer],
                    "seconds": round(time.monotonic() - started),
                },
                environment(
                    this_process_matcher(),
                    threshold=setting.threshold,
                    processes=options["processes"],
                ),
            )
            self.write(found, options)
            if options["html"]:
                wrong = chosen(faults(found.rows, setting.threshold))
                asked = orders(wrong, todo, [*registrations(folder), *further, *besides])
                pairs = self.each(pool, "drawing pictures", partial(draw_pair, setting), asked)
                options["html"].write_text(page(found, wrong, pairs), encoding="utf-8")

    def each[T, R](
        self, pool: ProcessPoolExecutor, what: str, act: Callable[[T], R], todo: Sequence[T]
    ) -> list[R]:
        """Runs `act` on all of `todo` in the process pool; returns the results in order."""
        futures = [pool.submit(act, one) for one in todo]
        shown = progress(self.tell, on_terminal=sys.stderr.isatty())
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                shown.show(what, done, len(todo))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # do not wait an hour for the rest
            raise
        return [future.result() for future in futures]

    def tell(self, line: str) -> None:
        self.stderr.write(line, ending="")
        self.stderr.flush()

    def write(self, found: Outcome, options: dict[str, Any]) -> None:
        self.stdout.write(summary(found.families, found.peers, found.targets, found.whole))
        if options["charts"]:
            draw(options["charts"], found.rows, found.families, found.peers, found.threshold)
        if options["json"]:
            options["json"].write_text(json.dumps(found.written()))


def require_what_is_asked_for(options: dict[str, Any]) -> None:
    """Checks the requirements before an hour is spent. Raises CommandError."""
    if options["charts"]:
        require_matplotlib()
    if "pdq" in options["peer"]:
        require_pdq()


def require_matcher() -> None:
    """Loads the matcher here, so that an error is reported once and not by each process."""
    try:
        this_process_matcher()
    except DomainError as fault:
        raise CommandError(fault.advice) from fault


def distractors_of(options: dict[str, Any]) -> list[Registration]:
    if not options["distractors"]:
        return []
    return distractors(options["distractors"], options["distractors_limit"])


def in_a_throw_away_folder(
    processes: int, *, required_only: bool, broker: str = "memory://"
) -> None:
    """Runs this command again with a temporary database and data folder, which are removed at the end, also
    when this process is told to end.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    bond = [sys.executable, bound.__file__, signal.SIGTERM.name, str(os.getpid())]
    with tempfile.TemporaryDirectory(
        prefix="brandguard-benchmark-", ignore_cleanup_errors=True
    ) as folder:
        own = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        own |= {
            MARK: "1",
            "BRANDGUARD_DATA_DIR": folder,
            "REDIS_URL": broker,
            "WORKER_CONCURRENCY": str(processes),
            "LOG_LEVEL": "ERROR",
            "ENCODERS_DIR": str(settings.ENCODERS_DIR),  # of this installation
        }
        if required_only:
            own |= {"OBJECT_ENCODER": "", "LOGO_ENCODER": ""}
        command = [*bond, sys.executable, *sys.argv]
        done = subprocess.run(command, env=own, check=False)  # noqa: S603 - this command line
    sys.exit(done.returncode)
