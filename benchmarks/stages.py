"""Milliseconds a picture by stage of matching, on the pictures of the demo.

    .venv/bin/python benchmarks/stages.py [--encoder sscd] [--seed 1]

Stages are measured one after the other in one process with the threads that one worker process
has; the first picture, which loads libraries, is left out.
"""

import argparse
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

import django

django.setup()

from detection.calibration.memory import MemoryCatalogue
from detection.demo.pictures import bundled
from detection.demo.scenario import cases
from detection.matching.evidence import nominate, weigh
from detection.matching.observation import Observation
from detection.matching.regions import REGIONS, cut
from detection.matching.similarity import load_calibration
from fingerprints.encoders.base import Encoder
from fingerprints.encoders.catalogue import CATALOGUE, load_encoder
from fingerprints.enrolment import prints_of
from fingerprints.geometry.features import LISTING_POINTS, extract
from fingerprints.images.decode import decode
from fingerprints.images.hashes import perceptual_hash
from fingerprints.images.resize import fit

NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
spent: dict[str, list[float]] = defaultdict(list)


@contextmanager
def stage(name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    spent[name].append((time.perf_counter() - started) * 1000)


def enrol(encoder: Encoder) -> MemoryCatalogue:
    catalogue = MemoryCatalogue(encoder.spec.dimension)
    for photograph in bundled().registered:
        decoded = decode(photograph.data)
        with stage("enrol a view"):
            prints = prints_of(decoded.pixels, encoder)
        catalogue.enrol(uuid5(NAMESPACE, photograph.name), decoded.pixel_sha256, prints)
    return catalogue


def match(data: bytes, encoder: Encoder, catalogue: MemoryCatalogue) -> None:
    calibration = load_calibration(encoder.spec)
    with stage("whole picture"):
        with stage("decode"):
            decoded = decode(data)
        working = fit(decoded.pixels)
        with stage("perceptual hash"):
            hashed = perceptual_hash(working)
        with stage(f"embed {len(REGIONS)} regions"):
            vectors = encoder.embed([cut(working, region) for region in REGIONS])
        with stage("local features"):
            features = extract(working, most=LISTING_POINTS)
        seen = Observation(decoded.pixel_sha256, hashed, REGIONS, vectors, features)
        with stage("search"):
            views = catalogue.views(nominate(seen, catalogue))
        with stage("verify candidates"):
            evidence = [weigh(seen, view) for view in views]
        with stage("score"):
            for one in evidence:
                calibration.similarity(one)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=list(CATALOGUE), default="sscd")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    encoder = load_encoder(chosen.encoder)
    catalogue = enrol(encoder)
    for case in cases(bundled(), chosen.seed):
        match(case.data, encoder, catalogue)
    print(f"{'stage':<20} {'p50 ms':>8} {'p95 ms':>8} {'share':>6}")
    whole = statistics.median(spent["whole picture"][1:])
    for name, times in spent.items():
        middle, high = statistics.median(times[1:]), statistics.quantiles(times[1:], n=20)[-1]
        print(f"{name:<20} {middle:8.1f} {high:8.1f} {middle / whole:6.0%}")


if __name__ == "__main__":
    main()
