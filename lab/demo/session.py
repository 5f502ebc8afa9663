"""The demo's HTTP client: acts as a brand owner and as a marketplace."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

import requests
from django.core.management.base import CommandError

from lab.demo.pictures import Photograph
from lab.demo.scenario import Case

PATIENCE = 120.0  # seconds without progress after which the demo gives up
SENDERS = 2  # listings in progress at a time: few, so that times do not include queueing
TICK = 0.05


@dataclass(frozen=True)
class Result:
    """The result of a case. `design` names the best design at 85 or more, if any. `milliseconds` runs from
    the request until the verdict is seen.
    """

    case: Case
    design: str | None
    similarity: float | None
    match_kind: str
    verdict: str
    milliseconds: int

    @property
    def as_expected(self) -> bool:
        wanted = "hold" if self.case.expected else "allow"
        return self.design == self.case.expected and self.verdict == wanted


class Session:
    def __init__(self, url: str, design_key: str, listing_key: str) -> None:
        self.api = f"{url}/api/v1"
        self.owner = {"Authorization": f"Bearer {design_key}"}
        self.marketplace = {"Authorization": f"Bearer {listing_key}"}
        self.designs: dict[str, str] = {}  # name by id
        self.stopped = Event()  # set from outside to end whatever is in progress

    def register(
        self,
        brand: str,
        photographs: tuple[Photograph, ...],
        owner: dict[str, str] | None = None,
    ) -> Iterator[str]:
        """Registers every photograph as a design; yields the names as they become findable. `owner` has the
        headers of an owner other than the session's.
        """
        owner = owner or self.owner
        waiting: dict[str, str] = {}
        for photograph in photographs:
            made = self.call(
                "POST",
                "designs",
                owner,
                data={
                    "brand": brand,
                    "name": photograph.name,
                    "design_kind": photograph.design_kind,
                },
                files=[("images", (photograph.name, photograph.data))],
            )
            waiting[made["id"]] = photograph.name
        self.designs |= waiting
        deadline = time.monotonic() + PATIENCE
        while waiting:
            for number in list(waiting):
                states = {
                    view["state"] for view in self.call("GET", f"designs/{number}", owner)["images"]
                }
                if "refused" in states:
                    raise CommandError(f"The picture of {waiting[number]} was refused.")
                if states == {"enrolled"}:
                    deadline = time.monotonic() + PATIENCE
                    yield waiting.pop(number)
            self.pause(deadline)

    def post(self, cases: list[Case]) -> Iterator[Result]:
        """Sends every listing, a few at a time, and waits for its verdict."""
        with ThreadPoolExecutor(SENDERS) as pool:
            yield from pool.map(self.settle, range(len(cases)), cases)

    def settle(self, position: int, case: Case) -> Result:
        started = time.monotonic()
        sent = self.send(position, case)
        while True:
            listing = self.call("GET", f"listings/{sent}", self.marketplace)
            if listing["state"] != "queued":
                return self.result(case, listing, started)
            self.pause(started + PATIENCE)

    def send(self, position: int, case: Case) -> str:
        listing = self.call(
            "POST",
            "listings",
            self.marketplace,
            data={
                "external_id": f"demo-{position:03}",
                "seller_id": f"seller-{position % 7}",
                "title": f"Offer {position}: {case.what}",
                "price": "19.90",
                "currency": "EUR",
                "territories": ["DE", "FR"],
            },
            files=[("images", (f"{position}.jpg", case.data))],
        )
        return str(listing["id"])

    def result(self, case: Case, listing: dict[str, Any], started: float) -> Result:
        best = next(iter(listing["matches"]), None)
        flagged = best is not None and listing["verdict"] != "allow"
        return Result(
            case,
            self.designs[best["design"]] if best and flagged else None,
            listing["similarity"],
            best["match_kind"] if best else "",
            listing["verdict"],
            round((time.monotonic() - started) * 1000),
        )

    def call(self, method: str, path: str, headers: dict[str, str], **body: Any) -> Any:
        if self.stopped.is_set():
            raise CommandError("Stopped.")
        answer = requests.request(method, f"{self.api}/{path}", headers=headers, timeout=30, **body)
        if not answer.ok:
            raise CommandError(f"{method} {path} answered {answer.status_code}: {answer.text}")
        return answer.json()

    def pause(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise CommandError(f"Nothing has happened for {PATIENCE:.0f} s: see the logs.")
        time.sleep(TICK)
