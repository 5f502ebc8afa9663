"""Shows the product on real pictures: registers designs, sends listings and reports what is held."""

import os
import sys
from argparse import ArgumentParser
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from brandguard.management.commands.serve import stop_on_signals
from brandguard.runtime.errors import CannotStart
from brandguard.runtime.lock import FolderLock
from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import Stack, StopRequested
from lab.demo.pictures import Collection, bundled, from_folder
from lab.demo.report import Progress, summary, table
from lab.demo.scenario import cases
from lab.demo.screenshots import SHOTS, take
from lab.demo.seed import STEPS as SEED_STEPS
from lab.demo.seed import seed as seed_weeks
from lab.demo.session import Result, Session
from lab.demo.story import STEPS, Casting, story
from lab.demo.tenants import Tenants, make_tenants

FOLDER = "demo"
MARK = "BRANDGUARD_DEMO"  # set in the run that has the demo's own folder
OURS = "made-by-the-demo"  # marks the demo's folder: a folder without this file is never emptied
KEPT = {"secret_key", "serve.lock", OURS}  # of an earlier demo; everything else is created anew


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # the programs it starts check themselves

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--exit", action="store_true", help="stop when done instead of serving")
        parser.add_argument("--images", type=Path, help="a folder of pictures of your own")
        parser.add_argument(
            "--screenshots",
            type=Path,
            help="a folder for screenshots of the portal (needs Chromium)",
        )
        parser.add_argument("--seed", type=int, default=1, help="seed that chooses the edits")

    def handle(self, *args: Any, seed: int, **options: Any) -> None:
        in_a_folder_of_its_own()
        collection = from_folder(options["images"]) if options["images"] else bundled()
        stack = Stack(Plan.from_settings(), say=self.say)
        stop_on_signals(stack)
        try:
            clear(settings.DATA_DIR)
            self.say("Starting broker, worker and web server …")
            with stack:
                results = self.run(stack, collection, seed, options)
        except StopRequested as error:
            raise CommandError("The demo was stopped before its end.", returncode=130) from error
        except CannotStart as error:
            raise CommandError(str(error)) from error
        if wrong := sum(not result.as_expected for result in results):
            raise CommandError(f"{wrong} of {len(results)} verdicts were not as expected.")

    def run(
        self, stack: Stack, collection: Collection, seed: int, options: dict[str, Any]
    ) -> list[Result]:
        tenants = make_tenants()
        session = Session(stack.url, tenants.design_key, tenants.listing_key)
        connection.close()  # from here on the demo only uses HTTP
        # The thread that started the stack must supervise it, so the demo runs in another thread.
        with ThreadPoolExecutor(1) as pool:
            try:
                results, told = tended(
                    stack, pool.submit(self.main_job, session, tenants, collection, seed)
                )
            finally:
                session.stopped.set()  # a job that is still running has no one to report to
        self.say(f"\n{table(results)}\n\n{summary(results)}\n")
        for line in told:
            self.say(f"  {line}")
        if folder := options["screenshots"]:
            with ThreadPoolExecutor(1) as pool:
                tended(stack, pool.submit(self.take_screenshots, stack.url, tenants, folder))
        if not options["exit"]:
            self.say(welcome(stack.url, tenants))
            stack.watch()
        return results

    def main_job(
        self, session: Session, tenants: Tenants, collection: Collection, seed: int
    ) -> tuple[list[Result], list[str]]:
        progress = Progress(self.write, terminal=sys.stdout.isatty())
        names = session.register(str(tenants.brand.pk), collection.registered)
        for done, _ in enumerate(names, 1):
            progress.show("designs registered", done, len(collection.registered))
        todo = list(cases(collection, seed))
        results = []
        for result in session.post(todo):
            results.append(result)
            progress.show("listings matched", len(results), len(todo))
        casting = Casting(
            copied=collection.registered[0],
            other=collection.another_owner_s,
            other_brand=str(tenants.other_brand.pk),
            other_key=tenants.other_design_key,
            reviewer_keys=(tenants.reviewer_key, tenants.second_reviewer_key),
        )
        told = []
        for line in story(session, casting):
            told.append(line)
            progress.show("steps of two listings", len(told), STEPS)
        try:
            rows = seed_weeks(session, collection.registered[1], collection.unrelated[0])
            for done, line in enumerate(rows, 1):
                told.append(line)
                progress.show("weeks of work", done, SEED_STEPS)
        finally:
            connection.close()  # of this thread
        return results, told

    def take_screenshots(self, url: str, tenants: Tenants, folder: Path) -> None:
        for done, _ in enumerate(take(url, tenants, folder), 1):
            progress = Progress(self.write, terminal=sys.stdout.isatty())
            progress.show("screenshots", done, len(SHOTS))

    def write(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def say(self, line: str) -> None:
        """Writes the line at once, also into a pipe, whose reader waits for the URL."""
        self.write(f"{line}\n")


def in_a_folder_of_its_own() -> None:
    """Runs the demo in its own folder, so that it never touches an installation's rows or servers."""
    if MARK in os.environ:
        return
    own = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    own |= {MARK: "1", "BRANDGUARD_DATA_DIR": str(settings.DATA_DIR / FOLDER)}
    # Its marketplace runs on this machine, and half a minute is long to wait in a demo.
    own |= {"FETCH_LOOPBACK": "true", "UNDO_SECONDS": "2"}
    os.execve(sys.executable, [sys.executable, *sys.argv], own)  # noqa: S606 - ourselves again


def clear(folder: Path) -> None:
    """Removes an earlier demo. Raises CannotStart when that demo is still running or the folder is not a
    demo's.
    """
    lock = FolderLock(folder)
    try:
        if not (folder / OURS).exists() and any(p.name not in KEPT for p in folder.iterdir()):
            raise CannotStart(f"{folder} was not made by the demo: move it away, then try again.")
        (folder / OURS).touch()
        for path in folder.iterdir():
            if path.name in KEPT:
                continue
            if path.is_dir():
                rmtree(path)
            else:
                path.unlink()
    finally:
        lock.release()


def tended[T](stack: Stack, job: Future[T]) -> T:
    """Keeps the stack running while the job runs. Raises StopRequested and whatever the job raises."""
    while not job.done():
        stack.tend()
        stack.pause()
    return job.result()


def welcome(url: str, tenants: Tenants) -> str:
    logins = "\n".join(f"  {name:<10} {what}" for name, what in tenants.logins)
    return (
        f"\nSee the alerts: {url}\n"
        f"Sign in with the password {tenants.password} as\n{logins}\n"
        f"The API's page: {url}/api/v1/docs\nCtrl-C stops everything.\n"
    )
