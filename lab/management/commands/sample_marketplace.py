"""A small marketplace: sends listings to a running service and obeys its webhooks."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import requests
from django.core.management.base import BaseCommand, CommandError

from lab.demo.pictures import bundled, from_folder
from lab.sample.marketplace import SampleMarketplace


class Command(BaseCommand):
    help = (
        f"{__doc__} The service must run with FETCH_LOOPBACK=true, because this marketplace listens only on "
        "this machine."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="URL of the service, for example http://127.0.0.1:8000")
        parser.add_argument(
            "--key", default=os.environ.get("BRANDGUARD_KEY", ""), help="or BRANDGUARD_KEY"
        )
        parser.add_argument("--port", type=int, default=8100)
        parser.add_argument("--images", type=Path, help="a folder of pictures of your own")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["key"]:
            raise CommandError("--key is missing: an API key of a marketplace, scope listings.")
        folder = options["images"]
        collection = from_folder(folder) if folder else bundled()
        market = SampleMarketplace(options["url"], options["key"], port=options["port"])
        try:
            with market:
                self.stdout.write(f"The shelf: {market.url}  (press Ctrl-C to stop)")
                for photograph in (*collection.registered, *collection.unrelated):
                    market.offer(photograph.name, photograph.name, photograph.data)
                self.watch(market)
        except requests.RequestException as error:
            answer = error.response.text if error.response is not None else str(error)
            raise CommandError(f"The service refused the listing: {answer}") from error
        except KeyboardInterrupt:
            self.stdout.write("")

    def watch(self, market: SampleMarketplace) -> None:
        shown: dict[str, str] = {}
        while True:
            for name, item in dict(market.items).items():
                if shown.get(name) != item.state:
                    shown[name] = item.state
                    self.stdout.write(f"{name}: {item.state}")
            time.sleep(0.2)
