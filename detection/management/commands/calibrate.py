"""Makes the calibration of an encoder from a folder of labelled pictures."""

import hashlib
import json
import time
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from detection.actions.matcher import LIBRARIES
from detection.calibration.collect import Collector
from detection.calibration.fit import FALSE_ALERTS, VIEWS, Pair, Truth, fit
from detection.calibration.folder import read_folder
from detection.matching.similarity import background_path, calibration_path
from fingerprints.encoders.catalogue import load_encoder, load_windows_encoder
from fingerprints.encoders.generation import generation_of
from fingerprints.geometry import features


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="has designs.csv and listings.csv")
        parser.add_argument("--encoder", default=settings.ENCODER)
        parser.add_argument("--pairs", type=Path, help="also write the measured pairs (JSON)")

    def handle(self, *args: Any, folder: Path, encoder: str, **options: Any) -> None:
        started = time.monotonic()
        model = load_encoder(encoder)
        collector = Collector(
            read_folder(folder).half(0), model, load_windows_encoder(model.spec), self.progress
        )
        collector.observe_background()
        views = collector.enrol()
        pairs = [*collector.listings(), *collector.edits()]
        if options["pairs"]:
            options["pairs"].write_text(json.dumps([as_row(pair) for pair in pairs]))
        found = fit(pairs, views=views)
        path, ordinary = calibration_path(model.spec), background_path(model.spec)
        collector.background.save(ordinary)
        stored = {
            "name": f"{path.stem}-{timezone.now():%Y%m%d}",
            "generation": generation_of(model.spec),
            "geometry_version": features.VERSION,
            **asdict(found),
            "background": hashlib.sha256(ordinary.read_bytes()).hexdigest(),
            "provenance": provenance(pairs, views, len(collector.background.vectors)),
        }
        path.write_text(json.dumps(stored, indent=2) + "\n")
        self.stdout.write(f"\n{path.name} written in {time.monotonic() - started:.0f} s")
        self.stdout.write(json.dumps({**stored, "provenance": "…"}, indent=2))

    def progress(self, what: str, done: int, of: int) -> None:
        if done == of or done % 10 == 0:
            self.stderr.write(f"\r{what}: {done} of {of}   ", ending="\n" if done == of else "")


def as_row(pair: Pair) -> dict[str, Any]:
    return {
        "family": pair.family,
        "listing": pair.listing,
        "truth": pair.truth,
        "cosine": pair.evidence.cosine,
        "inliers": pair.evidence.inliers,
        "floor": pair.evidence.floor,
        **asdict(pair.evidence.agreement),
    }


def provenance(pairs: list[Pair], views: int, background: int) -> dict[str, Any]:
    return {
        "command": "manage.py calibrate",
        "made_on": f"{timezone.now():%Y-%m-%d}",
        "half": 0,
        "views": views,
        "background": background,
        "listings": dict(sorted(Counter({p.listing: p.family for p in pairs}.values()).items())),
        "unrelated_pairs": sum(pair.truth == Truth.UNRELATED for pair in pairs),
        "similarity_85": f"at most {FALSE_ALERTS:g} false alerts at {VIEWS} views: "
        "the upper 95% end of an exponential tail",
        "libraries": {name: version(name) for name in LIBRARIES},
    }
