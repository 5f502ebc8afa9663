"""The receiver of the docs takes our deliveries and refuses others."""

import json
import re
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from accounts.models import Marketplace
from detection.delivery.models import WebhookEndpoint
from tests.detection.delivery.scenes import Receiver, attempt, told


def test_the_receiver_of_the_docs_takes_ours_and_refuses_others(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver, tmp_path: Path
) -> None:
    told(marketplace)
    attempt()
    headers, body = receiver.had[0]
    text = Path("docs/webhooks.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(code.splitlines()) <= 25
    (tmp_path / "receiver.py").write_text(code)
    port = str(free_port())
    with subprocess.Popen(
        [sys.executable, tmp_path / "receiver.py"],
        env={"WEBHOOK_SECRET": endpoint.secret, "PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        url = f"http://127.0.0.1:{port}/"
        try:
            statuses = [
                answer_of(url, *message)
                for message in (
                    (headers, body),
                    (headers, body),  # a second time: said yes to, and obeyed once
                    (headers, body.replace(b"held", b"free")),
                    (headers | {"webhook-timestamp": "1"}, body),
                    ({}, body),
                    (headers | {"webhook-signature": "nonsense"}, body),
                )
            ]
        finally:
            process.kill()
        printed = process.stdout.read() if process.stdout else ""
    assert statuses == [204, 204, 401, 401, 401, 401]
    assert printed.count("listing.held") == 1
    assert json.loads(body)["data"]


def free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return int(server.server_port)


def answer_of(url: str, headers: dict[str, str], body: bytes) -> int:
    wanted = {name: headers[name] for name in headers if name.startswith("webhook-")}
    for _ in range(100):
        try:
            return requests.post(url, data=body, headers=wanted, timeout=5).status_code
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("the receiver did not start")
