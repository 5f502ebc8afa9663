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
from lab.calibration.measure import Measured, Setting, measure
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
from vision.channels.registry import CHANNELS, Channels
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import load_encoder
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
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--pairs", type=Path, help="also write the measured pairs (JSON)")

    def handle(self, *args: Any, folders: list[Path], encoder: str, **options: Any) -> None:
        started = time.monotonic()
        model = load_encoder(encoder)
        partly = options["channels_only"] or options["only"]
        old = self.there_is(model.spec) if partly else None
        setting = Setting(
            tuple(folders), encoder, options["only"], keeps_background=old is not None
        )
        channels = setting.channels()
        check_only(channels, options["only"])
        measured = measure(setting, options["processes"])
        pairs = measured.pairs
        if options["pairs"]:
            rows = [as_row(pair, channels) for pair in pairs]
            options["pairs"].write_text(json.dumps(rows))
        fitted = fit(channels, measured, options["only"])
        for cohort in measured.cohorts.values():
            cohort.save(cohort_path())
        path = calibration_path(model.spec)
        made_on = f"{timezone.now():%Y-%m-%d}"
        if old:
            made = with_channels(old, fitted, pairs, made_on, only=options["only"])
        else:
            ordinary = background_path(model.spec)
            measured.background.save(ordinary)
            made = Calibration(
                name=f"{path.stem}-{made_on.replace('-', '')}",
                geometry_version=features.VERSION,
                background=hashlib.sha256(ordinary.read_bytes()).hexdigest(),
                channels=fitted,
                provenance=provenance(measured, made_on),
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


def check_only(channels: Channels, only: str) -> None:
    """Raises CommandError."""
    if only and only not in channels:
        raise CommandError(f"--only {only}: that is no channel that is on.")


def fit(channels: Channels, measured: Measured, only: str) -> dict[str, ChannelCalibration]:
    """Fits each channel of which the folder shows enough, or one. Raises CommandError."""
    fitted = {}
    for name, channel in channels.items():
        if only not in {"", name}:
            continue
        try:
            part = channel.fit(measured.pairs, views=measured.enrolled[name])
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


def as_row(pair: Pair, channels: Channels) -> dict[str, Any]:
    return {
        "family": pair.family,
        "listing": pair.listing,
        "truth": pair.truth,
        "channels": {
            name: channels[name].figures(finding) for name, finding in pair.findings.items()
        },
    }


def provenance(measured: Measured, made_on: str) -> dict[str, Any]:
    pairs = measured.pairs
    return {
        "command": "manage.py calibrate",
        "half": 0,
        "views": measured.views,
        "background": len(measured.background.vectors),
        "unrelated_pairs": sum(pair.truth == Truth.UNRELATED for pair in pairs),
        **measured_on(pairs, made_on),
    }
