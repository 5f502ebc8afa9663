"""Measures labelled pairs in several processes, each with every view and a share of the listings."""

import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from lab.calibration.collect import Collector, Progress, Share
from lab.calibration.folder import joined, read_folder
from lab.processes import processes
from lab.progress import Progress as Shown
from lab.progress import progress
from vision.channels.background import Background, load_background
from vision.channels.fitting import Pair
from vision.channels.registry import CHANNELS, Channels, load_channels
from vision.encoders.catalogue import load_encoder, load_windows_encoder


@dataclass(frozen=True)
class Setting:
    """What is measured: the half for calibration of these folders. With `only` one channel is fitted, and with
    `keeps_background` views are normalised by the ordinary pictures of the stored calibration.
    """

    folders: tuple[Path, ...]
    encoder: str
    only: str = ""
    keeps_background: bool = False

    def channels(self) -> Channels:
        """Returns the required channels and those to fit."""
        model = load_encoder(self.encoder)
        required = {spec.name: model.spec for spec in CHANNELS if spec.is_required}
        return {
            name: one
            for name, one in load_channels(**required).items()
            if not self.only or name == self.only or one.spec.is_required
        }


@dataclass
class Measured:
    """`enrolled` counts views by channel, `views` all. `cohorts` are by channel, of those that learn one."""

    background: Background
    views: int
    enrolled: Counter[str]
    cohorts: dict[str, Any]
    pairs: list[Pair] = field(default_factory=list)


def measure(setting: Setting, count: int) -> Measured:
    """Measures in `count` processes; the first one tells how far they are. Raises CommandError where a folder
    cannot be read.
    """
    joined([read_folder(one) for one in setting.folders])
    with processes(count) as pool:
        first, *others = pool.map(partial(measure_share, setting, count), range(count))
    for other in others:
        first.pairs += other.pairs
    first.pairs.sort(key=lambda pair: pair.listing)
    return first


def measure_share(setting: Setting, count: int, part: int) -> Measured:
    telling = told_on_stderr() if part == 0 else lambda *_: None
    model = load_encoder(setting.encoder)
    collector = Collector(
        joined([read_folder(one) for one in setting.folders]).half(0),
        model,
        load_windows_encoder(model.spec),
        setting.channels(),
        telling,
    )
    collector.only, collector.share = setting.only, Share(part, count)
    if setting.keeps_background:
        collector.use_background(load_background(model.spec))
    else:
        collector.collect_background()
    cohorts = collector.collect_cohorts()
    views = collector.enrol()
    pairs = [*collector.listings(), *(collector.edits() if collector.takes_edits() else ())]
    return Measured(collector.background, views, collector.enrolled, cohorts, pairs)


def told_on_stderr() -> Progress:
    """Returns what shows each step as one line, with the time that is left."""
    shown: dict[str, Shown] = {}

    def tell(what: str, done: int, of: int) -> None:
        if what not in shown:
            shown[what] = progress(write, on_terminal=sys.stderr.isatty())
        shown[what].show(what, done, of)

    return tell


def write(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()
