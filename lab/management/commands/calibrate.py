"""Makes the calibration of an encoder from a folder of labelled pictures."""

import hashlib
import json
import time
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from detection.matching.matcher import libraries
from lab.calibration.collect import Collector
from lab.calibration.fit import FALSE_ALERTS, VIEWS, Pair, Truth, fit
from lab.calibration.fit_channels import LANE_VIEWS, fit_lanes
from lab.calibration.folder import read_folder
from vision.channels.calibrations import background_path, calibration_path, stored_calibration
from vision.channels.encoders import load_lanes
from vision.channels.explanation import lane_evidence
from vision.channels.similarity import NotCalibrated, load_background, load_calibration
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import load_encoder, load_windows_encoder
from vision.encoders.generation import generation_of
from vision.geometry import features

LANE_MAPS = ("objects", "marks")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="has designs.csv and listings.csv")
        parser.add_argument("--encoder", default=settings.ENCODER)
        parser.add_argument(
            "--lanes-only",
            action="store_true",
            help="the maps of solids and marks alone; that of pictures stays as it is",
        )
        parser.add_argument("--pairs", type=Path, help="also write the measured pairs (JSON)")

    def handle(self, *args: Any, folder: Path, encoder: str, **options: Any) -> None:
        started = time.monotonic()
        model, lanes = load_encoder(encoder), load_lanes()
        collector = Collector(
            read_folder(folder).half(0),
            model,
            load_windows_encoder(model.spec),
            self.progress,
            lanes,
        )
        path, ordinary = calibration_path(model.spec), background_path(model.spec)
        if options["lanes_only"]:
            old = self.there_is(model.spec)
            collector.use_background(load_background(model.spec))
        else:
            collector.observe_background()
        views = collector.enrol()
        pairs = [*collector.listings(), *collector.edits()]
        if options["pairs"]:
            options["pairs"].write_text(json.dumps([as_row(pair) for pair in pairs]))
        fitted = fit_lanes(pairs, collector.enrolled_in_lanes(), lanes)
        in_lanes = {name: asdict(lane) for name, lane in fitted.items()}
        if options["lanes_only"]:
            stored = with_lanes(old, in_lanes, pairs)
        else:
            collector.background.save(ordinary)
            stored = {
                "name": f"{path.stem}-{timezone.now():%Y%m%d}",
                "generation": generation_of(model.spec),
                "geometry_version": features.VERSION,
                **asdict(fit(pairs, views=views)),
                **in_lanes,
                "background": hashlib.sha256(ordinary.read_bytes()).hexdigest(),
                "provenance": provenance(pairs, views, len(collector.background.vectors)),
            }
        path.write_text(json.dumps(stored, indent=2) + "\n")
        self.stdout.write(f"\n{path.name} written in {time.monotonic() - started:.0f} s")
        self.stdout.write(json.dumps({**stored, "provenance": "…"}, indent=2))

    def there_is(self, spec: EncoderSpec) -> dict[str, Any]:
        """The calibration that only the lanes of change. Raises CommandError without one."""
        try:
            load_calibration(spec)
        except NotCalibrated as fault:
            raise CommandError(
                f"{fault.message} Calibrate it whole, without --lanes-only."
            ) from fault
        return stored_calibration(spec)

    def progress(self, what: str, done: int, of: int) -> None:
        if done == of or done % 10 == 0:
            self.stderr.write(f"\r{what}: {done} of {of}   ", ending="\n" if done == of else "")


def with_lanes(old: dict[str, Any], in_lanes: dict[str, Any], pairs: list[Pair]) -> dict[str, Any]:
    """The calibration that was there, with other maps of the lanes."""
    kept = {name: value for name, value in old.items() if name not in LANE_MAPS}
    made_on = f"{timezone.now():%Y-%m-%d}"
    told = old["provenance"] | {"lanes": lanes_provenance(pairs, made_on)}
    name = f"{old['name'].partition('-lanes')[0]}-lanes-{made_on.replace('-', '')}"
    return {**kept, "name": name, **in_lanes, "provenance": told}


def lanes_provenance(pairs: list[Pair], made_on: str) -> dict[str, Any]:
    return {
        "made_on": made_on,
        "listings": dict(sorted(Counter({p.listing: p.family for p in pairs}.values()).items())),
        "marks_85": f"at most {FALSE_ALERTS:g} false alerts at {LANE_VIEWS} marks: a generalised "
        "Pareto tail",
        "solids_85": "where all three signs are, or beyond what anything unrelated reached",
        "libraries": libraries(),
    }


def as_row(pair: Pair) -> dict[str, Any]:
    return {
        "family": pair.family,
        "listing": pair.listing,
        "truth": pair.truth,
        "cosine": pair.evidence.cosine,
        "inliers": pair.evidence.inliers,
        "floor": pair.evidence.floor,
        **asdict(pair.evidence.agreement),
        "lanes": lane_evidence(pair.evidence),
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
        "lanes": lanes_provenance(pairs, f"{timezone.now():%Y-%m-%d}"),
        "libraries": libraries(),
    }
