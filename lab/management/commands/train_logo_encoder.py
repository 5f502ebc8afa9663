"""Trains the encoder of one-colour logos: a clean logo comes near the same logo in a scene.

It learns from Debian packages (--fetch) and from shapes it draws. It writes a checkpoint; export_encoder
checkpoint:FILE makes an encoder of it.
"""

import json
import random
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from brandguard.kernel.errors import DomainError
from lab.training.extra import require_torch

DRAWN = 3_000  # logos and grounds with --drawn-only


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "checkpoint", type=Path, help="file to write; the curve is written beside it"
        )
        parser.add_argument(
            "--minutes", type=float, default=60, help="minutes of training, by default 60"
        )
        parser.add_argument("--batch", type=int, default=160, help="logos a step")
        parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument(
            "--pictures",
            type=Path,
            default=settings.DATA_DIR / "training-pictures",
            help="folder with a subfolder for each package",
        )
        parser.add_argument("--start", type=Path, help="a checkpoint to continue from")
        parser.add_argument(
            "--fetch", action="store_true", help="fetch Debian's packages first (0.7 GB)"
        )
        parser.add_argument(
            "--drawn-only", action="store_true", help="train without packages, to try the machine"
        )

    def handle(self, *args: Any, checkpoint: Path, **options: Any) -> None:
        if options["start"] and not options["start"].is_file():
            raise CommandError(f"There is no checkpoint {options['start']}.")
        if options["minutes"] <= 0:
            raise CommandError("--minutes must be more than 0.")
        if not checkpoint.parent.is_dir():
            raise CommandError(f"There is no folder {checkpoint.parent}: create it first.")
        try:
            require_torch()
            self.train(checkpoint, options)
        except DomainError as fault:
            raise CommandError(fault.advice) from fault

    def train(self, checkpoint: Path, options: dict[str, Any]) -> None:
        import torch

        from lab.training import logo_sources
        from lab.training.logo_training import LogoTraining, Plan, Point

        start = options["start"]
        if start:
            start = torch.load(start, weights_only=True)["network"]
        dice = random.Random(options["seed"])  # noqa: S311 - repeatable, not secret
        if options["drawn_only"]:
            masks = logo_sources.drawn_logos(DRAWN, dice)
            grounds = logo_sources.drawn_grounds(DRAWN, dice)
            learnt_from: list[dict[str, str]] = []
        else:
            if options["fetch"]:
                logo_sources.fetch(options["pictures"], self.stderr.write)
            masks = logo_sources.logos(options["pictures"], dice, self.stderr.write)
            grounds = logo_sources.grounds(options["pictures"], dice, self.stderr.write)
            learnt_from = [asdict(package) for package in logo_sources.PACKAGES]

        def report(point: Point) -> None:
            left = max(0.0, options["minutes"] * 60 - point.seconds)
            self.stderr.write(
                f"step {point.step}: loss {point.loss:.3f}, recall {point.recall:.3f}, "
                f"{left / 60:.0f} minutes left"
            )

        training = LogoTraining(
            masks,
            grounds,
            Plan(
                options["minutes"] * 60,
                options["rate"],
                options["seed"],
                options["batch"],
                start,
            ),
            report,
        )
        self.stderr.write(
            f"training on {len(masks)} logos and {len(grounds)} grounds, on {training.device}"
        )
        network = training.run()
        told = {
            "command": "manage.py train_logo_encoder",
            "made_on": f"{timezone.now():%Y-%m-%d}",
            "minutes": options["minutes"],
            "rate": options["rate"],
            "seed": options["seed"],
            "logos": len(masks),
            "grounds": len(grounds),
            "device": str(training.device),
            "torch": torch.__version__,
            "learnt_from": learnt_from,
            "curve": training.told(),
        }
        torch.save({"network": network.cpu().state_dict()}, checkpoint)
        checkpoint.with_suffix(".json").write_text(json.dumps(told, indent=2) + "\n")
        self.stdout.write(
            f"{checkpoint}: recall {training.curve[-1].recall:.3f} after {training.curve[-1].step} "
            f"steps. Next: export_encoder checkpoint:{checkpoint}"
        )
