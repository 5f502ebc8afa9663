"""Against servers that misbehave."""

import gzip
from collections.abc import Callable
from socket import socket
from unittest.mock import MagicMock

import pytest
from pytest_django.fixtures import Settings

from detection.outbound.client import FetchFailed, Limits, fetch, next_url, post
from detection.outbound.urls import URLRefused
from tests.detection.outbound.servers import PNG, answer, dripping, endless, saying, serving, silent

SHORT = Limits(seconds=0.5, bytes=100_000)


@pytest.fixture(autouse=True)
def _on_this_machine(settings: Settings) -> None:
    settings.FETCH_LOOPBACK = True


def test_a_picture_is_had_with_its_type() -> None:
    with serving(saying(answer())) as (url, requests):
        found = fetch(f"{url}/a.png?size=2")
    assert (found.data, found.content_type) == (PNG, "image/png")
    assert requests[0].startswith(b"GET /a.png?size=2 HTTP/1.1\r\nHost: 127.0.0.1:")


def test_a_redirect_to_plain_http_is_refused_with_what_to_send() -> None:
    response = MagicMock(getheader=lambda *_: "http://img.example/a.png")
    with pytest.raises(URLRefused, match="https to http") as refused:
        next_url("https://img.example/a.png", response)
    assert refused.value.remedy.startswith("Send the https URL of the picture itself")


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(endless, id="endless"),
        pytest.param(saying(answer(b"\0" * 100_001)), id="one byte too many"),
        pytest.param(saying(answer(Content_Length="9999999999")), id="says that it is too long"),
    ],
)
def test_what_is_too_much_is_not_read_to_its_end(behave: Callable[[socket], None]) -> None:
    with serving(behave) as (url, _), pytest.raises(FetchFailed, match="more than") as refused:
        fetch(url, limits=Limits(5, 100_000))
    assert refused.value.permanent


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(silent, id="says nothing"),
        pytest.param(dripping(answer()), id="drips its headers"),
        pytest.param(
            lambda connection: (
                connection.sendall(answer(b"", Content_Length="90000")),
                dripping(b"\0" * 1000)(connection),
            ),
            id="drips its body",
        ),
    ],
)
def test_who_takes_too_long_is_not_waited_for(behave: Callable[[socket], None]) -> None:
    with serving(behave) as (url, _), pytest.raises(FetchFailed, match="in time") as failed:
        fetch(url, limits=SHORT)
    assert not failed.value.permanent


@pytest.mark.parametrize(
    ("behave", "permanent"),
    [
        (saying(answer(content_type="text/html")), True),
        (saying(answer(gzip.compress(b"\0" * 10_000_000), Content_Encoding="gzip")), True),
        (saying(answer(status="404 Not Found")), True),
        (saying(answer(status="410 Gone")), True),
        (saying(answer(status="429 Too Many Requests")), False),
        (saying(answer(status="503 Service Unavailable")), False),
        (saying(answer(Content_Length="1000")), False),
        (saying(b"\x16\x03\x01 this is no HTTP\r\n\r\n"), False),
        (saying(b""), False),
        (saying(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: 1\r\n" * 200 + b"\r\n"), False),
    ],
)
def test_what_is_no_picture_is_refused(
    behave: Callable[[socket], None], *, permanent: bool
) -> None:
    with serving(behave) as (url, _), pytest.raises(FetchFailed) as failed:
        fetch(url, limits=SHORT)
    assert failed.value.permanent is permanent


def test_a_redirect_is_followed_and_checked_like_the_first(settings: Settings) -> None:
    elsewhere = saying(answer(b"", status="302 Found", Location="/other.png"))
    with serving(elsewhere, saying(answer())) as (url, requests):
        assert fetch(url).data == PNG
    assert requests[1].startswith(b"GET /other.png ")


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[fe80::1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
def test_a_redirect_to_what_must_not_be_asked_is_refused(location: str) -> None:
    away = saying(answer(b"", status="302 Found", Location=location))
    with serving(away) as (url, requests), pytest.raises(URLRefused):
        fetch(url)
    assert len(requests) == 1


def test_redirects_come_to_an_end() -> None:
    again = saying(answer(b"", status="302 Found", Location="/"))
    with (
        serving(again) as (url, requests),
        pytest.raises(FetchFailed, match="too often"),
    ):
        fetch(url)
    assert len(requests) == 4


def test_a_post_follows_no_redirect_and_keeps_the_beginning_of_the_answer() -> None:
    away = saying(answer(b"x" * 5000, status="307 Temporary Redirect", Location="/"))
    with serving(away) as (url, requests):
        found = post(url, body=b"{}", headers={"Content-Type": "application/json"})
    assert (found.status, len(found.body), len(requests)) == (307, 2000, 1)
    assert b"Content-Length: 2\r\n" in requests[0]


@pytest.mark.parametrize("behave", [silent, dripping(answer())], ids=["silent", "dripping"])
def test_a_post_is_not_waited_for_either(behave: Callable[[socket], None]) -> None:
    with serving(behave) as (url, _), pytest.raises(FetchFailed, match="in time"):
        post(url, body=b"{}", headers={}, limits=SHORT)


def test_nobody_there_can_be_asked_later() -> None:
    with serving(silent) as (url, _):
        pass
    with pytest.raises(FetchFailed, match="connection failed") as failed:
        fetch(url, limits=SHORT)
    assert not failed.value.permanent
