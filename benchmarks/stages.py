"""Measures milliseconds a picture by stage of matching, on the demo's pictures.

    .venv/bin/python benchmarks/stages.py [--encoder sscd] [--seed 1]

Stages run one after the other in one process with the threads of one worker process. The first picture,
which loads libraries, is left out.
"""

import argparse
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

import django

django.setup()


from fingerprints.actions.enrol import describe
from lab.benchmark.statistics import percentile
from lab.calibration.memory import MemoryRegister
from lab.demo.pictures import bundled
from lab.demo.scenario import cases
from vision.channels.calibration import load_calibration
from vision.channels.image_features import extract_features
from vision.channels.matching import Scoring, match_image
from vision.channels.registry import CHANNELS, Channels, calibrated, load_channels
from vision.encoders.base import Encoder
from vision.encoders.catalogue import CATALOGUE, load_encoder, load_windows_encoder
from vision.pictures.decode import decode
from vision.stages import stage, timed

type Spent = dict[str, list[float]]


def enrol(channels: Channels, spent: Spent) -> MemoryRegister:
    register = MemoryRegister(channels)
    for photograph in bundled().registered:
        decoded = decode(photograph.data)
        started = time.perf_counter()
        made = describe(decoded.pixels, "photo", channels)
        spent["enrol a view"].append((time.perf_counter() - started) * 1000)
        register.enrol(uuid5(NAMESPACE_URL, photograph.name), decoded.pixel_sha256, made)
    return register


def match(
    data: bytes, encoder: Encoder, scoring: Scoring, register: MemoryRegister, spent: Spent
) -> None:
    quick = load_windows_encoder(encoder.spec)
    with timed() as stages, stage("whole picture"):
        with stage("decode"):
            decoded = decode(data)
        features = extract_features(decoded, encoder, quick)
        found = match_image(features, register, scoring.channels)
        with stage("score"):
            for _, evidence in found:
                scoring.similarity(evidence)
    for name, milliseconds in stages.items():
        spent[name].append(milliseconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=list(CATALOGUE), default="sscd")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    spent: Spent = defaultdict(list)
    encoder = load_encoder(chosen.encoder)
    calibration = load_calibration(encoder.spec)
    required = {spec.name: encoder.spec for spec in CHANNELS if spec.is_required}
    channels = calibrated(load_channels(**required), calibration)
    register = enrol(channels, spent)
    for case in cases(bundled(), chosen.seed):
        match(case.data, encoder, Scoring(channels, calibration), register, spent)
    print(f"{'stage':<20} {'p50 ms':>8} {'p95 ms':>8} {'share':>6}")
    whole = percentile(spent["whole picture"][1:], 0.5)
    for name, times in spent.items():
        middle, high = percentile(times[1:], 0.5), percentile(times[1:], 0.95)
        print(f"{name:<20} {middle:8.1f} {high:8.1f} {middle / whole:6.0%}")


if __name__ == "__main__":
    main()
