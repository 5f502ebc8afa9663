"""Measures listings a second of one and two worker processes, and the speed for known pixels.

    .venv/bin/python benchmarks/throughput.py [--views 10000] [--listings 40] [--rounds 2]

Real processes run production's match_listing on a temporary database, each with the threads of a worker with
that many processes. Each of the demo's photographs is registered under its own brand, so that as many views
are verified as in a large catalogue; the listings are edits of them, no picture twice. The other views are
only vectors (benchmarks/crowd.py): they cost search time but have no rows.
"""

import argparse
import hashlib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

import django

django.setup()

import numpy as np
from crowd import crowd
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connections

from accounts.models import Marketplace
from detection.intake.actions.ingest import Offer, ingest_listing
from detection.intake.models import Listing
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import this_process_matcher
from fingerprints.actions.enrol import enrol_design
from fingerprints.actions.register import register_design
from fingerprints.index.live import live_index
from fingerprints.models import Brand, Fingerprint
from lab.benchmark.statistics import percentile
from lab.demo.pictures import Photograph, bundled
from lab.demo.scenario import cases
from lab.demo.tenants import make_tenants
from lab.management.commands.benchmark import MARK, in_a_throw_away_folder
from vision.channels.image_features import extract_features
from vision.channels.matching import match_image
from vision.encoders.base import Vectors
from vision.encoders.onnx import cores
from vision.index.parted import Entries
from vision.pictures.decode import decode

VECTORS_A_VIEW = 2
BEYOND = 2**40  # ids of vectors without rows start here
PROCESSES = (1, 2)


@dataclass(frozen=True)
class Matched:
    """Seconds of the machine's clock, which all processes share."""

    started: float
    ended: float

    @property
    def milliseconds(self) -> float:
        return (self.ended - self.started) * 1000


# --- in each process ------------------------------------------------------------------------------
def ready(barrier: Barrier, views: int) -> None:
    """Loads, fills and warms up; no process begins before all are ready."""
    matcher = this_process_matcher()
    index = live_index().state().index
    for batch in crowd(registered_vectors(), max(0, VECTORS_A_VIEW * views - len(index))):
        ids = BEYOND + len(index) + np.arange(len(batch), dtype=np.int64)
        brands = [uuid4() for _ in batch]
        index.add(Entries(ids, batch, [0] * len(batch), brands), np.ones(len(batch), np.bool_))
    picture = decode(bundled().unrelated[0].data)
    features = extract_features(picture, matcher.encoder, matcher.quick)
    match_image(features, matcher.register, matcher.channels)
    barrier.wait()


def registered_vectors() -> Vectors:
    rows = Fingerprint.objects.order_by("pk").values_list("vector", flat=True)
    return np.stack([np.frombuffer(row, "<f4") for row in rows]).astype(np.float32)


def match(number: UUID) -> Matched:
    listing = Listing.objects.get(pk=number)
    started = time.monotonic()
    match_listing(listing=listing, matcher=this_process_matcher())
    return Matched(started, time.monotonic())


# --- in the main process --------------------------------------------------------------------------
def photographs() -> list[Photograph]:
    shown = bundled()
    return [*shown.registered, *shown.unrelated]


def register() -> None:
    owner = make_tenants().brand.organisation
    for photograph in photographs():
        design = register_design(
            brand=Brand.objects.create(organisation=owner, name=photograph.name),
            name=photograph.name,
            design_kind=photograph.design_kind,
            files=[ContentFile(photograph.data, photograph.name)],
            by=owner.memberships.get().user,
        )
        matcher = this_process_matcher()
        enrol_design(design=design, encoder=matcher.encoder, channels=matcher.channels)


def edited() -> Iterator[bytes]:
    """Yields edits: no picture twice, and no registered picture."""
    sent = {hashlib.sha256(photograph.data).digest() for photograph in photographs()}
    for seed in count(1):
        for case in cases(bundled(), seed):
            digest = hashlib.sha256(case.data).digest()
            if digest not in sent:
                sent.add(digest)
                yield case.data


def ingest(pictures: Sequence[bytes]) -> list[UUID]:
    marketplace = Marketplace.objects.get()
    return [
        ingest_listing(
            marketplace=marketplace,
            offer=Offer(external_id=str(uuid4()), seller_id="seller"),
            pictures=[ContentFile(data, "picture")],
            by=AnonymousUser(),
        ).pk
        for data in pictures
    ]


def matched(listings: list[UUID], processes: int, views: int) -> list[Matched]:
    """Matches with that many processes, one listing at a time in each."""
    os.environ["WORKER_CONCURRENCY"] = str(processes)
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, ready, (context.Barrier(processes), views)) as pool:
        return pool.map(match, listings, chunksize=1)


def a_second(results: list[Matched]) -> float:
    return len(results) / (max(one.ended for one in results) - min(one.started for one in results))


def row(what: str, results: list[Matched]) -> str:
    each = [one.milliseconds for one in results]
    middle, high = percentile(each, 0.5), percentile(each, 0.95)
    return f"{what:<36} {a_second(results):10.2f} {middle:8.0f} {high:8.0f}"


def one_round(pictures: Iterator[bytes], listings: int, views: int) -> float:
    """Returns the speed of the last number of processes relative to the first."""
    rates = []
    for processes in PROCESSES:
        done = matched(ingest(list(islice(pictures, listings))), processes, views)
        print(row(f"{processes} process(es)", done), flush=True)
        rates.append(a_second(done))
    return rates[-1] / rates[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, default=10_000)
    parser.add_argument("--listings", type=int, default=40, help="for each row")
    parser.add_argument("--rounds", type=int, default=2, help="one and two processes in turn")
    chosen = parser.parse_args()
    if MARK not in os.environ:
        in_a_throw_away_folder(max(PROCESSES), required_only=False)
    call_command("migrate", verbosity=0)
    register()
    pictures = edited()
    known = [photograph.data for photograph in photographs()]
    print(
        f"{len(known)} views enrolled; vectors alone fill the catalogue up to {chosen.views:,}. "
        f"{cores()} core(s), shared by the processes."
    )
    print(f"{'':<36} {'listings/s':>10} {'p50 ms':>8} {'p95 ms':>8}")
    for _ in range(chosen.rounds):
        print(f"  times as many: {one_round(pictures, chosen.listings, chosen.views):.2f}")
    for what in ("pixels of a registered view", "the same pixels in a later listing"):
        print(row(what, matched(ingest(known), 1, chosen.views)), flush=True)


if __name__ == "__main__":
    main()
