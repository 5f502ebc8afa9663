"""Nothing that only this machine or its network can reach is asked."""

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from detection.outbound.client import FetchFailed, Limits, fetch
from detection.outbound.urls import HostUnknown, URLRefused, may_be_asked, parsed, resolve


def answering(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> list[str]:
    """The resolver says `rounds` one after the other; the names that it was asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = rounds[min(len(asked), len(rounds)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0.0.0.0", "0",  # noqa: S104
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1",
        "[::1]", "[::]", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[fd00::1]", "[ff02::1]",
        "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
        "[2002:7f00:1::]", "[2002:a00:1::]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]",
        "[2001:0:7f00:1::]", "[2001:db8::1]",
    ],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_asked(host: str) -> None:
    with pytest.raises((URLRefused, HostUnknown)) as refused:
        resolve(f"http://{host}/a.png")
    assert "127.0.0.1" not in refused.value.message


@given(
    st.ip_addresses(v=4).filter(lambda ip: not ip.is_global),
    st.sampled_from(["::ffff:{}", "64:ff9b::{}"]),
)
def test_no_private_address_hides_in_one_of_ipv6(ip: ipaddress.IPv4Address, form: str) -> None:
    assert not may_be_asked(form.format(ip))
    assert not may_be_asked(str(ipaddress.IPv6Address((0x2002 << 112) | (int(ip) << 80))))


@given(st.ip_addresses().filter(lambda ip: not ip.is_global))
def test_no_address_that_is_not_global_is_asked(ip: Any) -> None:
    assert not may_be_asked(str(ip))


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_ones_may_be_asked(ip: str) -> None:
    assert may_be_asked(ip)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "//a.png",
        "http:///a.png", "http://user@example.com/", "http://u:p@example.com/", "javascript:1",
        "http://example.com:22/", "http://example.com:99999/", "http://exa mple.com/",
        "http://example.com/\r\nX: 1", "http://example.com\\@127.0.0.1/", "http://[::1",
        "http://example.com/" + "a" * 3000, "http://" + "a" * 300 + ".com/", "",
    ],
)  # fmt: skip
def test_what_is_no_plain_url_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, ["93.184.216.34"])
    with pytest.raises(URLRefused) as refused:
        resolve(url)
    assert refused.value.field == "url"
    assert refused.value.permanent
    assert not asked


def test_a_name_with_a_private_answer_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(URLRefused):
        resolve("http://example.com/")


def test_the_connection_goes_to_the_answer_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However the name resolves a moment later."""
    asked = answering(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    reached: list[Any] = []

    def create_connection(to: Any, *_: Any, **__: Any) -> socket.socket:
        reached.append(to)
        raise OSError("unreachable")

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(FetchFailed):
        fetch("http://example.com/a.png", limits=Limits(1, 1000))
    assert asked == ["example.com"]
    assert reached == [("93.184.216.34", 80)]


@pytest.mark.parametrize(
    ("host", "hosts", "may"),
    [
        ("img.example.com", ["img.example.com"], True),
        ("IMG.Example.com.", ["img.example.com"], True),
        ("img.example.com", [".example.com"], True),
        ("example.com", [".example.com"], False),
        ("notexample.com", [".example.com"], False),
        ("img.example.com.evil.net", ["img.example.com"], False),
        ("img.example.com", [], False),
    ],
)
def test_only_hosts_on_the_list_are_asked(
    host: str, hosts: list[str], monkeypatch: pytest.MonkeyPatch, *, may: bool
) -> None:
    answering(monkeypatch, ["93.184.216.34"])
    if may:
        assert resolve(f"https://{host}/", hosts=hosts).ip == "93.184.216.34"
    else:
        with pytest.raises(URLRefused, match="not one of"):
            resolve(f"https://{host}/", hosts=hosts)


def test_this_machine_is_asked_only_by_an_explicit_setting(settings: Settings) -> None:
    settings.FETCH_LOOPBACK = True
    assert resolve("http://127.0.0.1:8123/a").port == 8123
    with pytest.raises(URLRefused):
        resolve("http://10.0.0.1/a")


SHOWN: dict[str, tuple[str, str]] = {
    "ftp://img.example/a": ("not an http or https", "such as https://img.example/1.jpg"),
    "https:///a": ("not an http or https", "such as https://img.example/1.jpg"),
    "https://u:p@img.example/a": ("user name", "without a user name"),
    "https://img.example:22/a": ("neither 80 nor 443", "on port 80 or 443"),
    "https://img.example:0/a": ("neither 80 nor 443", "on port 80 or 443"),
    "https://img.example:99999/a": ("not a URL", "on port 80 or 443"),
    "https://img.example/a b": ("characters", "encoded as %20"),
    "https://[v1.a:b]/a": ("not a valid name", "such as https://img.example/1.jpg"),
    "https://other.test/a": ("not one of", "Send a URL on .example"),
} | {
    f"http://{host}/a": ("not public", "public Internet")
    for host in (
        "localhost", "a.localhost", "printer.local", "db.internal", "localhost.", "127.0.0.1", "127.1",
        "2130706433", "0x7f000001", "0177.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1%25eth0]", "[64:ff9b::7f00:1]",
    )
}  # fmt: skip


@pytest.mark.parametrize("url", SHOWN)
def test_what_a_url_shows_is_told_without_asking_anybody(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch, ["93.184.216.34"])
    said, remedy = SHOWN[url]
    with pytest.raises(URLRefused) as refused:
        parsed(url, hosts=[".example"] if "other" in url else None)
    assert said in refused.value.message
    assert remedy in refused.value.remedy
    assert asked == []


@pytest.mark.parametrize(
    "url",
    ["https://img.example/a?b=1", "http://93.184.216.34:80/", "https://localhost.example/"],
)
def test_what_may_lead_somewhere_is_taken(url: str) -> None:
    assert parsed(url).ip == ""
