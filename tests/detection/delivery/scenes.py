"""A receiver of webhooks on this machine."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Marketplace
from detection.delivery.actions.deliver import deliver
from detection.delivery.actions.record_event import record_event
from detection.delivery.models import Delivery, Event, EventType


class Receiver:
    """Answers with `status`; keeps what it had."""

    def __init__(self) -> None:
        self.status = 204
        self.had: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.had.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        Thread(target=self.server.serve_forever, daemon=True).start()


def told(marketplace: Marketplace, external_id: str = "offer-1", **fields: Any) -> Event:
    with transaction.atomic():
        return record_event(
            marketplace=marketplace,
            event_type=EventType.LISTING_HELD,
            listing_external_id=external_id,
            payload={"listing": {"external_id": external_id}},
            **fields,
        )


def attempt() -> Delivery:
    """What a worker does with the one delivery that there is, now."""
    Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
    row = Delivery.objects.select_related("event", "endpoint").get()
    deliver(delivery=row)
    return Delivery.objects.get()


def delivered() -> None:
    Delivery.objects.update(state="delivered", next_attempt_at=None, delivered_at=timezone.now())
