"""A small marketplace over real HTTP. It sends listings, accepts only signed webhooks, and shows, holds and
blocks offers as they say. It serves the demo and tests, and is an example to read before writing one.
"""

import json
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Self

import requests
from standardwebhooks import Webhook, WebhookVerificationError

SHELF = {
    "listing.released": ("shown", "published"),
    "listing.held": ("held back", "restricted"),
    "listing.blocked": ("blocked", "removed"),
    "listing.failed": ("not shown: send other pictures", "restricted"),
}
PATIENCE = 60.0  # seconds


@dataclass
class Item:
    """`number` is the service's id of the listing. `sequence` is that of the last event it obeyed. `note` is
    the message for its seller.
    """

    title: str
    number: str
    state: str = "not shown yet"
    sequence: int = 0
    note: str = ""


class SampleMarketplace:
    """`api` is the service's URL; `key` has the scope listings. Use it in a `with` block."""

    def __init__(self, api: str, key: str, *, port: int = 0) -> None:
        self.api = f"{api.rstrip('/')}/api/v1"
        self.headers = {"Authorization": f"Bearer {key}"}
        self.items: dict[str, Item] = {}
        self.seen: set[str] = set()  # ids of events, so that one delivered twice is obeyed once
        self.refused = 0
        self.secret = ""
        self.changed = Condition()
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler_of(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self.server.serve_forever, daemon=True).start()
        endpoint = self.call("POST", "webhooks", json={"url": f"{self.url}/webhooks"})
        self.secret = endpoint["secret"]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def call(self, method: str, path: str, **body: Any) -> Any:
        answer = requests.request(
            method, f"{self.api}/{path}", headers=self.headers, timeout=30, **body
        )
        answer.raise_for_status()
        return answer.json()

    def offer(self, external_id: str, title: str, *pictures: bytes, **fields: Any) -> None:
        """Sends a listing, which stays hidden until the service allows it."""
        made = self.call(
            "POST",
            "listings",
            data={"external_id": external_id, "seller_id": "seller-1", "title": title, **fields},
            files=[("images", (f"picture-{n}.jpg", data)) for n, data in enumerate(pictures)],
        )
        with self.changed:
            known = self.items.setdefault(external_id, Item(title, made["id"]))
            known.title, known.number = title, made["id"]

    def appeal(self, external_id: str, ground: str, text: str, brand: str = "") -> Any:
        """`brand` is the `brand_id` of one of the listing's restrictions, needed when there are several."""
        number = self.items[external_id].number
        body = {"ground": ground, "text": text} | ({"brand": brand} if brand else {})
        return self.call("POST", f"listings/{number}/appeals", json=body)

    def wait_until(self, external_id: str, state: str) -> bool:
        """Whether the offer reached that state in time."""
        with self.changed:
            return self.changed.wait_for(
                lambda: self.items[external_id].state == state, timeout=PATIENCE
            )

    def receive(self, body: bytes, headers: dict[str, str]) -> int:
        """Returns the answer's status: 2xx for an event that is obeyed now or was before."""
        try:
            event = Webhook(self.secret).verify(body, headers)
        except (WebhookVerificationError, ValueError):
            self.refused += 1
            return 401
        with self.changed:
            if event["id"] not in self.seen and event["type"] in SHELF:
                self.obey(event)
            self.seen.add(event["id"])
        return 204

    def obey(self, event: dict[str, Any]) -> None:
        """Applies an event. Later events of a listing may arrive first: the highest `sequence` is the
        latest.
        """
        about = event["data"]["listing"]
        external_id = about["external_id"]
        item = self.items.setdefault(external_id, Item(external_id, about["id"]))
        if event["sequence"] < item.sequence:
            return
        item.sequence = event["sequence"]
        item.state, action = SHELF[event["type"]]
        item.note = note_on(event["data"].get("pictures", []))
        Thread(target=self.report, args=(about["id"], action), daemon=True).start()
        self.changed.notify_all()

    def report(self, number: str, action: str) -> None:
        self.call("PUT", f"listings/{number}/action", json={"action": action})

    def page(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(external_id)}<td>{escape(item.title)}<td>{item.state}<td>{escape(item.note)}"
            for external_id, item in self.items.items()
        )
        return (
            f"<!doctype html><title>Sample marketplace</title><h1>Offers</h1><table>{rows}</table>"
        )


def note_on(pictures: list[dict[str, Any]]) -> str:
    """Returns the message for the seller: which pictures were not checked, and why."""
    told = [f"Picture {one['position']}: {one['message']} {one['remedy']}" for one in pictures]
    return " ".join(told)


def handler_of(marketplace: SampleMarketplace) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(marketplace.receive(body, dict(self.headers)))
            self.end_headers()

        def do_GET(self) -> None:
            as_json = self.path == "/items.json"
            shown = json.dumps({name: vars(item) for name, item in marketplace.items.items()})
            data = (shown if as_json else marketplace.page()).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json" if as_json else "text/html")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Logs nothing; the program that runs it prints what matters."""

    return Handler
