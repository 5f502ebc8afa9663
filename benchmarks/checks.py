"""Measures how soon `POST /checks` answers and with what, over HTTP, from the service as shipped.

    .venv/bin/python benchmarks/checks.py DIR [--checks 150] [--pictures 3] [--milliseconds 2000]
        [--concurrency 2] [--required-only]

DIR has designs.csv and listings.csv, as docs/benchmark.md describes them. All its designs are registered
with valid rights, and the worker enrols them. Then checks follow one another, each after the last one's full
result, with pictures of its listings drawn by the seed. No picture is used twice, and every check has its
own seller. Web, broker, worker and checker are separate processes on a temporary database. The time is the
marketplace's: from before the request is sent until its answer is read.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

import django

django.setup()

import requests
from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import Stack
from detection.matching.channel_states import channel_states
from fingerprints.actions.register import register_design
from fingerprints.models import Brand, DesignImage
from lab.benchmark.enrolment import registrations
from lab.calibration.folder import LabelledFolder, read_folder
from lab.demo.tenants import give_right, make_tenants
from lab.management.commands.benchmark import MARK, in_a_throw_away_folder
from lab.stress.load import percentiles

PATIENCE = 600.0  # seconds in which every view must be enrolled and every check decided


@dataclass(frozen=True)
class Answered:
    """`pending` pictures had no result when the answer came; `whole` is the time until all had one, in
    seconds.
    """

    seconds: float
    status: int
    verdict: str
    pending: int
    whole: float
    at_last: str  # the verdict on all pictures


class Checks:
    def __init__(self, url: str, key: str) -> None:
        self.api = f"{url}/api/v1/checks"
        self.headers = {"Authorization": f"Bearer {key}"}

    def one(self, number: int, pictures: Sequence[Path]) -> Answered:
        files = [("images", (path.name, path.read_bytes())) for path in pictures]
        began = time.monotonic()
        answer = requests.post(
            self.api,
            headers=self.headers,
            data={"seller_id": f"seller-{number}", "territories": ["DE"]},
            files=files,
            timeout=60,
        )
        seconds = time.monotonic() - began
        answer.raise_for_status()
        told = answer.json()
        last = self.decided(told, began)
        return Answered(
            seconds,
            answer.status_code,
            told["verdict"],
            len(told["pending_images"]),
            time.monotonic() - began,
            last,
        )

    def decided(self, told: dict[str, str], began: float) -> str:
        while told["state"] == "queued":
            if time.monotonic() - began > PATIENCE:
                sys.exit(f"{told['id']} has no verdict after {PATIENCE:.0f} seconds.")
            time.sleep(0.2)
            looked = requests.get(f"{self.api}/{told['id']}", headers=self.headers, timeout=60)
            looked.raise_for_status()
            told = looked.json()
        return told["verdict"]


def register(folder: LabelledFolder, tenant: Brand) -> None:
    owner = tenant.organisation.memberships.get().user
    staff = User.objects.get(username="admin")
    for one in registrations(folder):
        brand, fresh = Brand.objects.get_or_create(organisation=tenant.organisation, name=one.brand)
        if fresh:
            give_right(brand, owner, staff)
        files = [ContentFile(path.read_bytes(), path.name) for path in one.views]
        register_design(brand=brand, name=one.name, design_kind=one.kind, files=files, by=owner)


def enrolled(stack: Stack) -> int:
    """Returns the number of views once none waits."""
    began = time.monotonic()
    while DesignImage.objects.filter(state=DesignImage.State.PENDING).exists():
        if time.monotonic() - began > PATIENCE:
            sys.exit("Views are still not enrolled; the logs of the worker say why.")
        stack.tend()
        time.sleep(0.5)
    return DesignImage.objects.filter(state=DesignImage.State.ENROLLED).count()


def batches(folder: LabelledFolder, checks: int, pictures: int, seed: int) -> list[list[Path]]:
    paths = [folder.root / row.path for row in folder.listings]
    random.Random(seed).shuffle(paths)  # noqa: S311 - no secret
    most = len(paths) // pictures
    if checks > most:
        sys.exit(f"{folder.root} has pictures for {most} checks.")
    return [paths[n * pictures : (n + 1) * pictures] for n in range(checks)]


def lines(answers: Sequence[Answered], limit: float) -> Iterator[str]:
    def three(seconds: Sequence[float]) -> str:
        return "p50 {:.0f}, p95 {:.0f}, p99 {:.0f}".format(*percentiles(seconds))

    def share(of: Sequence[Answered]) -> str:
        return f"{len(of)} of {len(answers)}, {len(of) / len(answers):.1%}"

    times = [one.seconds for one in answers]
    whole = [one for one in answers if not one.pending]
    early = [one for one in answers if one.pending and one.verdict != "pending"]
    yield f"answered, ms                  {three(times)}, longest {max(times) * 1000:.0f}"
    yield f"within {limit * 1000:.0f} ms               {share([one for one in answers if one.seconds <= limit])}"
    yield f"answered whole                {share(whole)}"
    yield f"held or blocked, others later {share(early)}"
    yield f"pending, with what is decided {share([one for one in answers if one.verdict == 'pending'])}"
    yield f"all pictures decided, ms      {three([one.whole for one in answers])}"
    lifted = [one for one in early if one.at_last == "allow"]
    yield f"early answers that were lifted {len(lifted)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--checks", type=int, default=150)
    parser.add_argument("--pictures", type=int, default=3, help="a check")
    parser.add_argument("--milliseconds", type=int, default=2000, help="CHECK_MILLISECONDS")
    parser.add_argument("--concurrency", type=int, default=2, help="WORKER_CONCURRENCY")
    parser.add_argument("--required-only", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    folder = read_folder(chosen.folder)
    sent = batches(folder, chosen.checks, chosen.pictures, chosen.seed)
    if MARK not in os.environ:
        in_a_throw_away_folder(chosen.concurrency, required_only=chosen.required_only, broker="")
    os.environ["CHECK_MILLISECONDS"] = str(chosen.milliseconds)
    with Stack(Plan.from_settings()) as stack:
        tenants = make_tenants()
        register(folder, tenants.brand)
        states = [f"{state.spec.name} {state.encoder or 'off'}" for state in channel_states()]
        print(f"{enrolled(stack)} views enrolled; {', '.join(states)}; {os.cpu_count()} cores")
        checks = Checks(stack.url, tenants.listing_key)
        spare = batches(folder, chosen.checks + 3, chosen.pictures, chosen.seed)[-3:]
        for number, pictures in enumerate(spare):  # by then the checker has loaded everything
            checks.one(-number, pictures)
        answers = [checks.one(number, pictures) for number, pictures in enumerate(sent, 1)]
        for line in lines(answers, chosen.milliseconds / 1000):
            print(line)


if __name__ == "__main__":
    main()
