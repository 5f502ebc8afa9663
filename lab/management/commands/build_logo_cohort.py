"""Builds the logo channel's normalisation cohort from folders of ordinary pictures, which show no registered logo.

The shipped one comes from Debian's openclipart-png (public domain) and scikit-image's photographs (public domain
or CC0). Build it before `calibrate`, and enrol the logos again afterwards.
"""

import random
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lab.calibration.logo_cohort import build
from vision.channels.logo.cohort import cohort_path
from vision.encoders.catalogue import load, logo_encoder_spec
from vision.pictures.decode import UnreadableImage, decode
from vision.pictures.folder import pictures_below
from vision.pictures.picture import Picture
from vision.pictures.resize import fit

LEAST_SIDE = 150  # pixels: smaller pictures are icons


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", type=Path, nargs="+", help="searched for pictures")
        parser.add_argument("--most", type=int, default=300, help="pictures of each folder")

    def handle(self, *args: Any, folders: list[Path], most: int, **options: Any) -> None:
        spec = logo_encoder_spec()
        if spec is None:
            raise CommandError("The logo channel has no encoder here: set LOGO_ENCODER=logo.")
        pictures = [picture for folder in folders for picture in pictures_in(folder, most)]
        if not pictures:
            raise CommandError(f"No pictures in {', '.join(map(str, folders))}.")
        made = build(pictures, load(spec), self.progress)
        made.save(cohort_path(spec))
        self.stdout.write(f"{len(made.pictures)} windows of {len(pictures)} pictures written.")

    def progress(self, what: str, done: int, of: int) -> None:
        if done == of or done % 10 == 0:
            self.stderr.write(f"\r{what}: {done} of {of}   ", ending="\n" if done == of else "")


def pictures_in(folder: Path, most: int) -> list[Picture]:
    """Returns readable pictures of that folder, drawn by chance but always the same."""
    paths = pictures_below(folder)
    random.Random(5).shuffle(paths)  # noqa: S311 - the same pictures each time
    found: list[Picture] = []
    for path in paths:
        if len(found) == most:
            break
        try:
            picture = fit(decode(path.read_bytes()).pixels)
        except (OSError, UnreadableImage):
            continue
        if min(picture.shape[:2]) >= LEAST_SIDE:
            found.append(picture)
    return found
