"""Headers of a webhook, by the Standard Webhooks scheme (https://www.standardwebhooks.com)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook


def encoded(body: dict[str, Any]) -> str:
    """Returns the JSON that is signed and sent: the same characters in every attempt."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def signed(body: str, *, event_id: str, at: datetime, secrets: Sequence[str]) -> dict[str, str]:
    """Returns the headers with one signature per secret: while two overlap, either verifies."""
    signatures = [Webhook(secret).sign(event_id, at, body) for secret in secrets]
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
