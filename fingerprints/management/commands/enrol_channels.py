"""Enrols designs that were registered before a channel was switched on.

Run it once after a channel's encoder is exported or changed; the service keeps running meanwhile.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fingerprints.actions.enrol_channels import enrol_in_channels, lacking, switched_on
from vision.channels.registry import CHANNELS, load_channels
from vision.encoders.base import EncoderUnavailable


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            channels = load_channels()
        except EncoderUnavailable as error:
            raise CommandError(error.advice) from error
        if not switched_on(channels):
            remedies = "; ".join(
                f"{spec.name}: {spec.remedy}" for spec in CHANNELS if not spec.is_required
            )
            raise CommandError(f"No optional channel has an encoder. They need: {remedies}.")
        views = list(lacking(channels))
        done = 0
        for number, image in enumerate(views, 1):
            done += enrol_in_channels(image=image, channels=channels)
            if number % 10 == 0 or number == len(views):
                self.stderr.write(
                    f"\r{number} of {len(views)} views   ",
                    ending="\n" if number == len(views) else "",
                )
        self.stdout.write(
            f"{done} views enrolled; {len(views) - done} show nothing for these channels, or have no "
            "readable file."
        )
