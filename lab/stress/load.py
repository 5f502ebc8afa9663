"""Sends listings at a steady rate over HTTP to a running service and records the result of each.

Like a marketplace, it repeats a failed request with the same idempotency key. This exposes a service that
loses or duplicates listings: each must end with one verdict and exist once.
"""

import io
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any
from uuid import uuid4

import requests
from PIL import Image

from lab.benchmark.statistics import percentile

SENDERS = 16
PATIENCE = 300.0  # seconds in which an accepted listing must have its verdict
AGAIN = 0.5  # seconds until a failed request is repeated
LOOK = 0.25  # seconds between two polls of one listing


@dataclass
class Sent:
    """One listing; times in seconds. `number` is the service's id, empty if it was never accepted."""

    external_id: str
    number: str = ""
    accepted: float = 0.0
    verdict: str = ""
    assessed: float = 0.0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    sent: int
    accepted: int
    assessed: int
    repeated: int
    seconds: float
    errors: dict[str, int]
    accepting: tuple[float, float, float]  # p50, p95, p99 in milliseconds
    settling: tuple[float, float, float]
    verdicts: dict[str, int]

    @property
    def lost(self) -> int:
        return self.accepted - self.assessed

    @property
    def throughput(self) -> float:
        return self.assessed / self.seconds if self.seconds else 0.0


class Load:
    def __init__(self, url: str, key: str, pictures: Sequence[bytes]) -> None:
        self.api = f"{url.rstrip('/')}/api/v1"
        self.headers = {"Authorization": f"Bearer {key}"}
        self.pictures = pictures
        self.run = uuid4().hex[:8]
        self.stopped = Event()

    def send(self, number: int, rate: float) -> Iterator[Sent]:
        """Sends `number` listings, `rate` a second; yields each once it has a verdict or is given up."""
        start = time.monotonic()
        with ThreadPoolExecutor(SENDERS) as pool:
            yield from pool.map(lambda n: self.one(n, start + n / rate), range(number))

    def one(self, number: int, at: float) -> Sent:
        time.sleep(max(0.0, at - time.monotonic()))
        made = Sent(f"stress-{self.run}-{number}")
        data = varied(self.pictures[number % len(self.pictures)], number)
        began = time.monotonic()
        while not made.number and not self.over(began):
            self.post(made, data)
        made.accepted = time.monotonic() - began
        while made.number and not made.verdict and not self.over(began):
            self.rendition(made)
        made.assessed = time.monotonic() - began
        return made

    def over(self, began: float) -> bool:
        return self.stopped.is_set() or time.monotonic() - began > PATIENCE

    def post(self, made: Sent, data: bytes) -> None:
        try:
            answer = requests.post(
                f"{self.api}/listings",
                headers={**self.headers, "Idempotency-Key": made.external_id},
                data={"external_id": made.external_id, "seller_id": f"seller-{self.run}"},
                files=[("images", ("picture.jpg", data))],
                timeout=30,
            )
            if answer.status_code == requests.codes.accepted:
                made.number = answer.json()["id"]
                return
            made.errors.append(str(answer.status_code))
            pause = float(answer.headers.get("Retry-After", AGAIN))
        except requests.RequestException as error:
            made.errors.append(type(error).__name__)
            pause = AGAIN
        self.stopped.wait(pause)

    def rendition(self, made: Sent) -> None:
        try:
            answer = requests.get(
                f"{self.api}/listings/{made.number}", headers=self.headers, timeout=30
            )
            if answer.ok and answer.json()["state"] not in {"queued", "fetching"}:
                made.verdict = answer.json()["verdict"]
                return
        except requests.RequestException as error:
            made.errors.append(type(error).__name__)
        self.stopped.wait(LOOK)

    def repeated(self, sent: Sequence[Sent]) -> int:
        """Counts the service's rows beyond one for each listing of this run."""
        rows: Counter[str] = Counter()
        url: str | None = f"{self.api}/listings?seller_id=seller-{self.run}"
        while url:
            answer = requests.get(url, headers=self.headers, timeout=30)
            answer.raise_for_status()
            page: dict[str, Any] = answer.json()
            rows.update(row["external_id"] for row in page["results"])
            url = page["next"]
        return sum(rows.values()) - len(rows) if sent else 0


def figures(sent: Sequence[Sent], repeated: int, seconds: float) -> Figures:
    accepted = [one for one in sent if one.number]
    assessed = [one for one in accepted if one.verdict]
    return Figures(
        sent=len(sent),
        accepted=len(accepted),
        assessed=len(assessed),
        repeated=repeated,
        seconds=seconds,
        errors=dict(Counter(error for one in sent for error in one.errors)),
        accepting=percentiles([one.accepted for one in accepted]),
        settling=percentiles([one.assessed for one in assessed]),
        verdicts=dict(Counter(one.verdict for one in assessed)),
    )


def percentiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    if not seconds:
        return (0.0, 0.0, 0.0)
    p50, p95, p99 = (percentile(seconds, share) * 1000 for share in (0.50, 0.95, 0.99))
    return p50, p95, p99


def varied(picture: bytes, number: int) -> bytes:
    """Returns a different picture for every listing by changing a corner; otherwise the service reuses its
    result.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    dice = random.Random(number)  # noqa: S311 - no secret
    size = max(8, image.width // 12), max(8, image.height // 12)
    patch = Image.new("RGB", size, tuple(dice.randrange(256) for _ in range(3)))
    image.paste(
        patch, (dice.randrange(image.width - size[0]), dice.randrange(image.height - size[1]))
    )
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()
