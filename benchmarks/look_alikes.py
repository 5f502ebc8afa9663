"""Measures what one picture costs when many look-alikes of it are registered, and whether the right view is
found.

    .venv/bin/python benchmarks/look_alikes.py [--views 200 1000 5000] [--runs 5]

Uses production's register on a temporary database: one view of a verified brand, and a growing number of
views of another brand that look like the listing, registered as objects. This other brand is unverified in
one series and verified in the other. If the object channel is switched off, a stand-in replaces its encoder, which costs nothing
and finds every look-alike as near as possible.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

import django

django.setup()

import numpy as np
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation
from detection.matching.register import DatabaseRegister
from fingerprints.actions.enrol import describe, keep_fingerprints
from fingerprints.index.live import LiveIndex
from fingerprints.models import Brand, Design, DesignImage
from lab.benchmark.statistics import percentile
from lab.demo.pictures import bundled
from lab.management.commands.benchmark import MARK, in_a_throw_away_folder
from vision.channels.channel import ViewDescription
from vision.channels.copy import NAME as COPY
from vision.channels.image_features import ImageFeatures, extract_features
from vision.channels.matching import match_image
from vision.channels.object import NAME as OBJECT
from vision.channels.object.channel import ObjectChannel
from vision.channels.registry import Channels, load_channels
from vision.edits import transforms as edits
from vision.encoders.base import EncoderSpec, Vectors
from vision.encoders.catalogue import load_encoder, load_windows_encoder
from vision.pictures.decode import Decoded, decode
from vision.pictures.picture import Picture, pixel_sha256
from vision.stages import timed

BATCH = 200
ANYTHING = EncoderSpec(
    "anything", "1", 1280, 224, licence="none", source="none", package="", weights="none",
    weights_sha256="0" * 64,
)  # fmt: skip


class StandIn:
    """An encoder to which everything is alike."""

    spec = ANYTHING

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        return np.tile(np.eye(1, self.spec.dimension, dtype=np.float32), (len(pictures), 1))


def brand_of(name: str, by: User, *, verified: bool) -> Brand:
    vouched: dict[str, Any] = {"verified_at": timezone.now(), "verified_by": by}
    vouched = vouched | {"verification_note": "A benchmark."} if verified else {}
    return Brand.objects.create(
        organisation=Organisation.objects.create(name=name, **vouched), name=name
    )


type Descriptions = Mapping[str, ViewDescription]


def enrol(of: Brand, views: Sequence[Descriptions], channels: Channels) -> UUID:
    """Creates rows as enrolment does; returns the last view's id."""
    design = Design.objects.create(brand=of, name="Thing", design_kind="object")
    with transaction.atomic():
        for position, one in enumerate(views):
            image = DesignImage.objects.create(
                design=design, position=position, name="view", sha256=uuid4().hex * 2,
                file=ContentFile(b"", "view.png") if not position else "designs/none.png",
                pixel_sha256=uuid4().hex * 2, width=8, height=8, state="enrolled",
            )  # fmt: skip
            keep_fingerprints(image, one, channels)
    return image.pk


def look_alikes(theirs: Descriptions, count: int, seed: int) -> list[Descriptions]:
    """Returns look-alikes as near to the listing as its own edits are."""
    dice = np.random.default_rng(seed)
    found: list[Descriptions] = []
    for _ in range(count):
        original, *others = theirs[COPY].vectors
        vector = original.vector + 0.01 * dice.normal(size=original.vector.shape)
        unit = np.asarray(vector / np.linalg.norm(vector), np.float32)
        moved = replace(theirs[COPY], vectors=[replace(original, vector=unit), *others])
        found.append({**theirs, COPY: moved})
    return found


def measured(
    seen: ImageFeatures, register: DatabaseRegister, right: UUID, runs: int
) -> tuple[float, float, dict[str, float], bool]:
    """Returns the milliseconds of the first picture, whose views are not in memory, and of later ones; the
    latter by stage; and whether the right view was among those verified.
    """
    times: list[float] = []
    stages: dict[str, float] = {}
    found = False
    register.catch_up()
    for _ in range(runs + 1):
        started = time.perf_counter()
        with timed() as spent:
            views = match_image(seen, register, register.channels)
        stages = spent
        times.append((time.perf_counter() - started) * 1000)
        found = right in {view.image for view, _ in views}
    return times[0], percentile(times[1:], 0.5), stages, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, nargs="+", default=[200, 1000, 5000])
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    if MARK not in os.environ:
        in_a_throw_away_folder(1, required_only=False)
    call_command("migrate", verbosity=0)
    encoder = load_encoder("sscd")
    loaded = load_channels()
    exported = loaded.get(OBJECT)
    stood_in = exported or ObjectChannel(StandIn())
    channels = {COPY: loaded[COPY], OBJECT: stood_in}
    named = exported.encoder.spec.name if exported else "a stand-in, which costs nothing"
    print(f"Object channel: {named}.")
    thing = decode(bundled().registered[0].data).pixels
    listing = edits.rotate(edits.resize(thing, width=800, height=600), degrees=12)
    decoded = Decoded(listing, "PNG", pixel_sha256(listing))
    seen = extract_features(decoded, encoder, load_windows_encoder(encoder.spec))
    theirs = describe(listing, "object", channels)
    staff = User.objects.create_superuser("staff")
    print(f"{'look-alikes of':<22} {'views':>6} {'first ms':>9} {'then ms':>8}  found  stages")
    for verified in (False, True):
        mine = brand_of(f"Mine {verified}", staff, verified=True)
        right = enrol(mine, [describe(thing, "object", channels)], channels)
        attacker, there = brand_of(f"Theirs {verified}", staff, verified=verified), 0
        for views in chosen.views:
            fresh = look_alikes(theirs, views - there, views)
            for start in range(0, len(fresh), BATCH):
                enrol(attacker, fresh[start : start + BATCH], channels)
            there = views
            index = LiveIndex(encoder.spec, Path(os.environ["BRANDGUARD_DATA_DIR"]) / "bench")
            register = DatabaseRegister(channels, {COPY: index})
            first, later, spent, found = measured(seen, register, right, chosen.runs)
            stages = ", ".join(f"{name} {ms:.0f}" for name, ms in spent.items())
            who = "a verified brand" if verified else "nobody verified"
            told = "yes" if found else "NO"
            print(
                f"{who:<22} {views:>6} {first:>9.0f} {later:>8.0f}  {told:<5}  {stages}", flush=True
            )
        for design in Design.objects.filter(retired_at=None):
            design.retire(timezone.now())


if __name__ == "__main__":
    main()
