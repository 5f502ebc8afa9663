"""Makes an encoder that workers can serve, from torch weights.

SPEC is one of timm:MODEL (weights of the hub), timm:MODEL@FILE, torchscript:FILE (as Meta publishes SSCD),
checkpoint:FILE (from train_logo_encoder).
"""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from brandguard.kernel.errors import DomainError
from lab.training.extra import require_torch
from lab.training.pictures import pictures_of
from vision.encoders import exported
from vision.encoders.base import EncoderUnavailable
from vision.encoders.catalogue import CATALOGUE
from vision.encoders.onnx import OnnxEncoder


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("spec", help="as above")
        parser.add_argument("--name", help="name of the encoder; by default that of its source")
        parser.add_argument("--encoder-version", default="1", help="raise it when weights change")
        parser.add_argument(
            "--licence", help="licence of the weights, if the source does not state it"
        )
        parser.add_argument(
            "--side", type=int, help="side in pixels of the square that pictures become"
        )
        parser.add_argument(
            "--int8",
            action="store_true",
            help="quantise: a quarter of the size, refused if it loses accuracy",
        )
        parser.add_argument(
            "--pictures",
            type=Path,
            help="real pictures to compare on; by default those of scikit-image",
        )

    def handle(self, *args: Any, spec: str, **options: Any) -> None:
        try:
            require_torch()
            self.export(spec, options)
        except DomainError as fault:
            raise CommandError(fault.advice) from fault

    def export(self, spec: str, options: dict[str, Any]) -> None:
        from lab.training.export import export
        from lab.training.sources.choose import source_of

        self.stderr.write(f"Loading {spec}")
        source = source_of(spec, side=options["side"])
        if options["licence"]:
            source = replace(source, licence=options["licence"])
        name = options["name"] or source.name
        if name in CATALOGUE:
            raise CommandError(f"{name} belongs to the product: choose another --name.")
        pictures = pictures_of(options["pictures"])
        self.stderr.write(f"Exporting, and comparing on {len(pictures)} pictures")
        made = export(
            source,
            pictures,
            name=name,
            version=options["encoder_version"],
            int8=options["int8"],
        )
        path = exported.keep(made.spec, made.model, made.measured)
        try:
            vectors = OnnxEncoder(exported.read_spec(path)).embed(pictures[:1])
        except EncoderUnavailable as fault:
            raise CommandError(fault.advice) from fault
        self.stdout.write(
            f"{name} {made.spec.version}: {vectors.shape[1]} dimensions, "
            f"{len(made.model) / 1e6:.1f} MB, {made.spec.licence}"
        )
        for what, value in made.measured.items():
            self.stdout.write(f"  {what.replace('_', ' ')}: {value}")
        self.stdout.write(f"  written to {path}")
