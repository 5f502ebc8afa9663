"""Enrols designs that were registered before in the lanes of solids and marks.

Needed once after an encoder of a lane was exported or changed; meanwhile everything goes on.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fingerprints.actions.enrol_channels import enrol_in_channels, lacking
from vision.channels.encoders import NO_LANES, load_lanes
from vision.encoders.base import EncoderUnavailable


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lanes = load_lanes()
        except EncoderUnavailable as fault:
            raise CommandError(fault.advice) from fault
        if lanes == NO_LANES:
            raise CommandError("No lane has an encoder: run ./run encoders, or set LOGO_ENCODER.")
        views = list(lacking(lanes))
        done = 0
        for number, image in enumerate(views, 1):
            done += enrol_in_channels(image=image, lanes=lanes)
            if number % 10 == 0 or number == len(views):
                self.stderr.write(
                    f"\r{number} of {len(views)} views   ",
                    ending="\n" if number == len(views) else "",
                )
        self.stdout.write(
            f"{done} views enrolled; {len(views) - done} have no mark or no file that can be read."
        )
