"""Makes the calibration of an encoder from a folder of labelled pictures."""

import hashlib
import json
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from detection.matching.matcher import libraries
from lab.calibration.collect import Collector
from lab.calibration.folder import joined, read_folder
from vision.channels.background import load_background
from vision.channels.calibration import (
    Calibration,
    ChannelCalibration,
    NotCalibrated,
    background_path,
    calibration_path,
    load_calibration,
)
from vision.channels.fitting import Pair, Truth
from vision.channels.object.cohort import cohort_path
from vision.channels.registry import CHANNELS, Channels, load_channels
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import load_encoder, load_windows_encoder
from vision.geometry import features


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folders", type=Path, nargs="+", help="each has designs.csv and listings.csv"
        )
        parser.add_argument("--encoder", default=settings.ENCODER)
        parser.add_argument(
            "--channels-only",
            action="store_true",
            help="fit only optional channels; the required ones keep their calibration",
        )
        parser.add_argument(
            "--only", default="", help="fit only this channel; the others keep theirs"
        )
        parser.add_argument("--pairs", type=Path, help="also write the measured pairs (JSON)")

    def handle(self, *args: Any, folders: list[Path], encoder: str, **options: Any) -> None:
        started = time.monotonic()
        model = load_encoder(encoder)
        required = {spec.name: model.spec for spec in CHANNELS if spec.is_required}
        collector = Collector(
            joined([read_folder(folder) for folder in folders]).half(0),
            model,
            load_windows_encoder(model.spec),
            channels_to_fit(load_channels(**required), options["only"]),
            self.progress,
        )
        collector.only = options["only"]
        partly = options["channels_only"] or options["only"]
        old = self.there_is(model.spec) if partly else None
        if old:
            collector.use_background(load_background(model.spec))
        else:
            collector.collect_background()
        cohorts = collector.collect_cohorts()
        views = collector.enrol()
        pairs = [*collector.listings(), *(collector.edits() if collector.takes_edits() else ())]
        if options["pairs"]:
            rows = [as_row(pair, collector) for pair in pairs]
            options["pairs"].write_text(json.dumps(rows))
        fitted = fit(collector, pairs)
        for cohort in cohorts.values():
            cohort.save(cohort_path())
        path = calibration_path(model.spec)
        made_on = f"{timezone.now():%Y-%m-%d}"
        if old:
            made = with_channels(old, fitted, pairs, made_on, only=options["only"])
        else:
            ordinary = background_path(model.spec)
            collector.background.save(ordinary)
            made = Calibration(
                name=f"{path.stem}-{made_on.replace('-', '')}",
                geometry_version=features.VERSION,
                background=hashlib.sha256(ordinary.read_bytes()).hexdigest(),
                channels=fitted,
                provenance=provenance(pairs, views, len(collector.background.vectors), made_on),
            )
        made.save(path)
        self.stdout.write(f"\n{path.name} written in {time.monotonic() - started:.0f} s")
        self.stdout.write(json.dumps(asdict(made) | {"provenance": "…"}, indent=2))

    def there_is(self, spec: EncoderSpec) -> Calibration:
        """Returns the stored calibration. Raises CommandError without one."""
        try:
            return load_calibration(spec)
        except NotCalibrated as error:
            raise CommandError(
                f"{error.message} Calibrate all channels, without --channels-only."
            ) from error

    def progress(self, what: str, done: int, of: int) -> None:
        if done == of or done % 10 == 0:
            self.stderr.write(f"\r{what}: {done} of {of}   ", ending="\n" if done == of else "")


def channels_to_fit(channels: Channels, only: str) -> Channels:
    """Returns the required channels with the one to fit, or all. Raises CommandError."""
    if only and only not in channels:
        raise CommandError(f"{only} is no channel that is on.")
    return {
        name: one
        for name, one in channels.items()
        if not only or name == only or one.spec.is_required
    }


def fit(collector: Collector, pairs: list[Pair]) -> dict[str, ChannelCalibration]:
    """Fits each channel of which the folder shows enough. Raises CommandError."""
    fitted = {}
    for name, channel in collector.channels.items():
        if collector.only not in {"", name}:
            continue
        try:
            part = channel.fit(pairs, views=collector.enrolled[name])
        except ValueError as error:
            raise CommandError(f"The channel {name} cannot be fitted: {error}") from error
        if part:
            fitted[name] = part
    return fitted


def with_channels(
    old: Calibration,
    fitted: Mapping[str, ChannelCalibration],
    pairs: list[Pair],
    made_on: str,
    *,
    only: str = "",
) -> Calibration:
    """Returns the old calibration with new parts for the optional channels, or for one alone."""
    if only:
        return replace(
            old,
            channels={**old.channels, **fitted},
            provenance={**old.provenance, only: measured_on(pairs, made_on)},
        )
    required = {spec.name for spec in CHANNELS if spec.is_required}
    kept = {name: part for name, part in old.channels.items() if name in required}
    others = {name: part for name, part in fitted.items() if name not in required}
    return replace(
        old,
        name=f"{old.name.partition('-channels')[0]}-channels-{made_on.replace('-', '')}",
        channels=kept | others,
        provenance={**old.provenance, "channels": measured_on(pairs, made_on)},
    )


def measured_on(pairs: list[Pair], made_on: str) -> dict[str, Any]:
    return {
        "made_on": made_on,
        "listings": dict(sorted(Counter({p.listing: p.family for p in pairs}.values()).items())),
        "libraries": libraries(),
    }


def as_row(pair: Pair, collector: Collector) -> dict[str, Any]:
    return {
        "family": pair.family,
        "listing": pair.listing,
        "truth": pair.truth,
        "channels": {
            name: collector.channels[name].figures(finding)
            for name, finding in pair.findings.items()
        },
    }


def provenance(pairs: list[Pair], views: int, background: int, made_on: str) -> dict[str, Any]:
    return {
        "command": "manage.py calibrate",
        "half": 0,
        "views": views,
        "background": background,
        "unrelated_pairs": sum(pair.truth == Truth.UNRELATED for pair in pairs),
        **measured_on(pairs, made_on),
    }
