"""Measures images a second of each encoder as served, and of ONNX Runtime alone on the same tensors.

    .venv/bin/python benchmarks/encoders.py [--threads 1 2] [--rounds 15]

A round embeds the ten windows of one of the demo's photographs by all three in turn: the encoder, its
resizing alone, the runtime alone. Shares are computed within a round, so they hold on a busy machine too;
`of the runtime` excludes resizing, because the runtime's tensors are already resized.
"""

import argparse
import os
import sys
import time
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read on import; vision.encoders.onnx gives the reason

import django

django.setup()

import cv2
import numpy as np
import onnxruntime
from django.test.utils import override_settings

from lab.benchmark.statistics import percentile
from lab.demo.pictures import bundled
from vision.encoders.catalogue import CATALOGUE
from vision.encoders.onnx import OnnxEncoder, checked_weights, cores, threads
from vision.geometry.regions import REGIONS, cut
from vision.pictures.decode import decode
from vision.pictures.picture import Picture
from vision.pictures.resize import fit, squash


def windows() -> list[list[Picture]]:
    shown = bundled()
    pictures = [fit(decode(one.data).pixels) for one in (*shown.registered, *shown.unrelated)]
    return [[cut(picture, region) for region in REGIONS] for picture in pictures]


@dataclass(frozen=True)
class Round:
    """Seconds for the same pictures."""

    served: float
    resizing: float
    runtime: float

    @property
    def share(self) -> float:
        return self.runtime / (self.served - self.resizing)


def alone(name: str) -> onnxruntime.InferenceSession:
    """Returns a bare session with the same weights and threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    return onnxruntime.InferenceSession(
        checked_weights(CATALOGUE[name]), options, providers=["CPUExecutionProvider"]
    )


def measured(
    encoder: OnnxEncoder, session: onnxruntime.InferenceSession, pictures: list[Picture]
) -> Round:
    side = encoder.spec.input_side
    started = time.perf_counter()
    encoder.embed(pictures)
    served = time.perf_counter()
    tensors = np.stack([squash(one, width=side, height=side) for one in pictures])
    resized = time.perf_counter()
    session.run(None, {encoder.input_name: tensors})
    return Round(served - started, resized - served, time.perf_counter() - resized)


def row(name: str, rounds: int) -> str:
    encoder, session = OnnxEncoder(CATALOGUE[name]), alone(name)
    found = [measured(encoder, session, one) for one in islice(cycle(windows()), rounds + 1)]
    del found[0]  # warm-up
    served, runtime, resizing, share = (
        percentile([getattr(one, what) for one in found], 0.5)
        for what in ("served", "runtime", "resizing", "share")
    )
    return (
        f"{name:<16} {threads():7} {len(REGIONS) / served:10.1f} {len(REGIONS) / runtime:14.1f} "
        f"{share:15.0%} {1000 * resizing:12.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    print(f"Images a second; {len(REGIONS)} at a time; {cores()} core(s).")
    print(
        f"{'encoder':<16} {'threads':>7} {'as served':>10} {'runtime alone':>14} "
        f"{'of the runtime':>15} {'resizing ms':>12}"
    )
    for count in chosen.threads:
        # As many worker processes as leave each of them this many threads.
        with override_settings(WORKER_CONCURRENCY=max(1, cores() // count)):
            cv2.setNumThreads(threads())
            for name in CATALOGUE:
                print(row(name, chosen.rounds), flush=True)


if __name__ == "__main__":
    main()
