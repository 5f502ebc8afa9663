"""One request to a stranger's server: so many bytes, so many seconds, and not a moment longer.

A socket's own time-out begins anew with every byte that drips in, so a clock beside it closes the
connection when the time is over, whatever the server is about.
"""

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from urllib.parse import urljoin

from django.conf import settings

from brandguard.kernel.errors import DomainError
from detection.outbound.urls import Target, refused, resolve

CONNECT_SECONDS = 5.0
REDIRECTS = {301, 302, 303, 307, 308}
GONE_FOR_GOOD = {400, 401, 403, 404, 405, 410, 451}
CHUNK = 65_536
PICTURES = ("image/", "application/octet-stream", "binary/octet-stream")
AGENT = "Brandguard"


class FetchFailed(DomainError):
    """`permanent`: another attempt would end the same."""

    code = "fetch_failed"

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(
            message, remedy="See that the URL answers, then send it again.", field="url"
        )
        self.permanent = permanent


class HostSilent(FetchFailed):
    """Whatever else is asked of the host will fare the same."""


@dataclass(frozen=True)
class Limits:
    seconds: float
    bytes: int
    redirects: int = 3


@dataclass(frozen=True)
class Fetched:
    data: bytes
    content_type: str
    url: str  # at the end of all redirects


@dataclass(frozen=True)
class Answer:
    """To a post. `body` is its beginning."""

    status: int
    body: bytes
    milliseconds: float


def fetch(url: str, *, hosts: Sequence[str] | None = None, limits: Limits | None = None) -> Fetched:
    """A picture. Raises URLRefused, HostUnknown, FetchFailed."""
    limits = limits or Limits(settings.FETCH_SECONDS, settings.MAX_IMAGE_BYTES)
    deadline = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        target = resolve(url, hosts=hosts, seconds=deadline - time.monotonic())
        headers = {"Accept": "image/*", "Accept-Encoding": "identity"}
        with asked("GET", target, headers, None, deadline) as response:
            if response.status not in REDIRECTS:
                return had(response, url, limits)
            url = next_url(url, response)
    raise FetchFailed("It redirects too often.", permanent=True)


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], limits: Limits | None = None
) -> Answer:
    """Follows no redirect. Raises URLRefused, HostUnknown, FetchFailed."""
    limits = limits or Limits(settings.FETCH_SECONDS, 2_000)
    started = time.monotonic()
    sent = {"Accept-Encoding": "identity", **headers}
    with asked("POST", resolve(url), sent, body, started + limits.seconds) as response:
        answer = response.read(limits.bytes)
        return Answer(response.status, answer, (time.monotonic() - started) * 1000)


def next_url(url: str, response: http.client.HTTPResponse) -> str:
    """Checked as the first was, before anything is asked of it."""
    following = urljoin(url, response.getheader("Location", ""))
    if url.startswith("https:") and not following.startswith("https:"):
        raise refused(
            "It redirects from https to http.",
            "Send the https URL of the picture itself, which redirects nowhere else.",
        )
    return following


def had(response: http.client.HTTPResponse, url: str, limits: Limits) -> Fetched:
    status = response.status
    if status != http.client.OK:
        raise FetchFailed(f"It answers {status}.", permanent=status in GONE_FOR_GOOD)
    content_type = response.getheader("Content-Type", "").lower()
    if not content_type.startswith(PICTURES):
        raise FetchFailed("What is there is no picture.", permanent=True)
    if response.getheader("Content-Encoding", "identity").lower() != "identity":
        raise FetchFailed("It is compressed, which was not asked for.", permanent=True)
    length = response.length or 0  # what it says; without, it ends when it ends
    data = bytearray()
    while len(data) <= limits.bytes and length <= limits.bytes:
        chunk = response.read(CHUNK)
        if not chunk and len(data) < length:
            raise ConnectionError("It ended before its end.")
        if not chunk:
            return Fetched(bytes(data), content_type, url)
        data += chunk
    raise FetchFailed(f"It has more than {limits.bytes} bytes.", permanent=True)


class Clock:
    """Closes the connection that it is given when the time is over, and remembers that it did."""

    def __init__(self, seconds: float) -> None:
        if seconds <= 0:
            raise TimeoutError
        self.is_over = False
        self.connection: socket.socket | None = None
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self.connection:
            with contextlib.suppress(OSError):
                # As a plain socket's, for a TLS one too: its own would alter it under the reader.
                socket.socket.shutdown(self.connection, socket.SHUT_RDWR)


@contextmanager
def asked(
    method: str,
    target: Target,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: float,
) -> Iterator[http.client.HTTPResponse]:
    """What a library or the system says is told as FetchFailed, the end of the time as well."""
    clock = Clock(deadline - time.monotonic())
    try:
        with connected(target, clock, deadline) as connection:
            connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
            every = {"Host": target.origin, "User-Agent": AGENT, "Connection": "close", **headers}
            if body is not None:
                every["Content-Length"] = str(len(body))
            for name, value in every.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            with contextlib.closing(connection.getresponse()) as response:
                yield response
            if clock.is_over:
                raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError) as error:
        if clock.is_over or isinstance(error, TimeoutError):
            raise HostSilent("It did not answer in time.") from error
        if isinstance(error, ssl.SSLCertVerificationError):
            raise FetchFailed("Its certificate is not valid.", permanent=True) from error
        raise FetchFailed("The connection failed.") from error
    finally:
        clock.stop()


@contextmanager
def connected(
    target: Target, clock: Clock, deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """To the IP address that was resolved, by the name that was asked for."""
    left = max(0.01, deadline - time.monotonic())
    made = socket.create_connection((target.ip, target.port), min(CONNECT_SECONDS, left))
    try:
        made.settimeout(left)
        clock.connection = made
        if target.scheme == "https":
            made = ssl.create_default_context().wrap_socket(
                made, server_hostname=target.host, do_handshake_on_connect=False
            )
            clock.connection = made
            made.do_handshake()
        connection = http.client.HTTPConnection(target.host, target.port, timeout=left)
        connection.sock = made
        yield connection
    finally:
        made.close()
