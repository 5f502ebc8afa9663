"""Makes one HTTP request to an untrusted server, with limits on bytes and total time.

A socket's own time-out restarts with every byte that arrives, so a separate timer closes the connection
when the time is over.
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
    """The request failed. `permanent` means that another attempt would fail too."""

    code = "fetch_failed"

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(
            message, remedy="Make sure that the URL answers, then send it again.", field="url"
        )
        self.permanent = permanent


class HostSilent(FetchFailed):
    """The host did not answer in time; other requests to it would not get an answer either."""


@dataclass(frozen=True)
class Limits:
    seconds: float
    bytes: int
    redirects: int = 3


@dataclass(frozen=True)
class Fetched:
    data: bytes
    content_type: str
    url: str  # after all redirects


@dataclass(frozen=True)
class Answer:
    """The answer to a POST. `body` is cut at the byte limit."""

    status: int
    body: bytes
    milliseconds: float


def fetch(url: str, *, hosts: Sequence[str] | None = None, limits: Limits | None = None) -> Fetched:
    """Downloads a picture. Raises URLRefused, HostUnknown, FetchFailed."""
    limits = limits or Limits(settings.FETCH_SECONDS, settings.MAX_IMAGE_BYTES)
    deadline = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        target = resolve(url, hosts=hosts, seconds=deadline - time.monotonic())
        headers = {"Accept": "image/*", "Accept-Encoding": "identity"}
        with exchange("GET", target, headers, None, deadline) as response:
            if response.status not in REDIRECTS:
                return read_picture(response, url, limits)
            url = next_url(url, response)
    raise FetchFailed("The server redirects too often.", permanent=True)


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], limits: Limits | None = None
) -> Answer:
    """Sends a POST and follows no redirect. Raises URLRefused, HostUnknown, FetchFailed."""
    limits = limits or Limits(settings.FETCH_SECONDS, 2_000)
    started = time.monotonic()
    sent = {"Accept-Encoding": "identity", **headers}
    with exchange("POST", resolve(url), sent, body, started + limits.seconds) as response:
        answer = response.read(limits.bytes)
        return Answer(response.status, answer, (time.monotonic() - started) * 1000)


def next_url(url: str, response: http.client.HTTPResponse) -> str:
    """Returns the redirect's target, which the caller checks as it did the first URL."""
    following = urljoin(url, response.getheader("Location", ""))
    if url.startswith("https:") and not following.startswith("https:"):
        raise refused(
            "The server redirects from https to http.",
            "Send the https URL of the picture itself, without a redirect.",
        )
    return following


def read_picture(response: http.client.HTTPResponse, url: str, limits: Limits) -> Fetched:
    status = response.status
    if status != http.client.OK:
        raise FetchFailed(f"The server answers {status}.", permanent=status in GONE_FOR_GOOD)
    content_type = response.getheader("Content-Type", "").lower()
    if not content_type.startswith(PICTURES):
        raise FetchFailed("The URL does not lead to a picture.", permanent=True)
    if response.getheader("Content-Encoding", "identity").lower() != "identity":
        raise FetchFailed(
            "The server sent a compressed answer, which was not requested.", permanent=True
        )
    length = response.length or 0  # as announced; 0 when the server announces none
    data = bytearray()
    while len(data) <= limits.bytes and length <= limits.bytes:
        chunk = response.read(CHUNK)
        if not chunk and len(data) < length:
            raise ConnectionError("The answer ended early.")
        if not chunk:
            return Fetched(bytes(data), content_type, url)
        data += chunk
    raise FetchFailed(f"The file has more than {limits.bytes} bytes.", permanent=True)


class Clock:
    """Closes its connection when the time is over, and records in `is_over` that it did."""

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
                # The plain socket's shutdown, also for TLS: SSLSocket's own would unwrap it under the reader.
                socket.socket.shutdown(self.connection, socket.SHUT_RDWR)


@contextmanager
def exchange(
    method: str,
    target: Target,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: float,
) -> Iterator[http.client.HTTPResponse]:
    """Yields the response. Errors of libraries and the system, time-outs included, become FetchFailed."""
    clock = Clock(deadline - time.monotonic())
    try:
        with connected(target, clock, deadline) as connection:
            connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
            fields = {"Host": target.origin, "User-Agent": AGENT, "Connection": "close", **headers}
            if body is not None:
                fields["Content-Length"] = str(len(body))
            for name, value in fields.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            with contextlib.closing(connection.getresponse()) as response:
                yield response
            if clock.is_over:
                raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError) as error:
        if clock.is_over or isinstance(error, TimeoutError):
            raise HostSilent("The server did not answer in time.") from error
        if isinstance(error, ssl.SSLCertVerificationError):
            raise FetchFailed("The server's certificate is not valid.", permanent=True) from error
        raise FetchFailed("The connection failed.") from error
    finally:
        clock.stop()


@contextmanager
def connected(
    target: Target, clock: Clock, deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """Connects to the resolved IP address; TLS checks the certificate against the host name."""
    left = max(0.01, deadline - time.monotonic())
    sock = socket.create_connection((target.ip, target.port), min(CONNECT_SECONDS, left))
    try:
        sock.settimeout(left)
        clock.connection = sock
        if target.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(
                sock, server_hostname=target.host, do_handshake_on_connect=False
            )
            clock.connection = sock
            sock.do_handshake()
        connection = http.client.HTTPConnection(target.host, target.port, timeout=left)
        connection.sock = sock
        yield connection
    finally:
        sock.close()
