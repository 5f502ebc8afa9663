"""Checks URLs from strangers and resolves each once to the address that a connection may use.

A URL must not reach what only this machine or its network can reach. So every answer of the resolver
must be public, and the connection goes to the answer that was checked: a name that resolves to another
address a moment later gains nothing.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings

from brandguard.kernel.errors import DomainError
from detection.outbound.lookup import LOOKUP_SECONDS, ips_of

type IP = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
MAX_LENGTH = 2000  # characters
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
# Suffixes of names without a public host: RFC 6761, RFC 6762, and ICANN's name for private use.
LOCAL = (".localhost", ".local", ".internal")
AS_THIS = "Send an http or https URL on port 80 or 443, such as https://img.example/1.jpg."
PUBLIC = "Send a URL that is reachable from the public Internet."


class URLRefused(DomainError):
    """The URL must not be called."""

    code = "url_refused"
    permanent = True


class HostUnknown(DomainError):
    code = "host_unknown"
    permanent = False


@dataclass(frozen=True)
class Target:
    """A checked URL. `ip` is the address of `host`; `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str

    @property
    def origin(self) -> str:
        """Returns the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def resolve(
    url: str, *, hosts: Sequence[str] | None = None, seconds: float = LOOKUP_SECONDS
) -> Target:
    """Checks the URL and resolves its host. `hosts` are the allowed hosts, with a leading dot for all
    subdomains; None allows any public host.

    Raises URLRefused, HostUnknown.
    """
    target = parsed(url, hosts=hosts)
    ip = resolved(target.host, target.port, min(seconds, LOOKUP_SECONDS))
    return replace(target, ip=ip)


def parsed(url: str, *, hosts: Sequence[str] | None = None) -> Target:
    """Checks the URL without a lookup and returns its target with an empty `ip`. Raises URLRefused."""
    if len(url) > MAX_LENGTH or any(c <= " " or c in "\\\x7f" for c in url):
        raise refused(
            "It is too long or has characters that no URL may have.",
            f"Send up to {MAX_LENGTH} characters, with spaces and the like encoded as %20.",
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise refused(f"It is not a URL: {error}.", AS_THIS) from error
    if parts.scheme not in PORTS or not host:
        raise refused("It is not an http or https URL.", AS_THIS)
    if parts.username is not None or parts.password is not None:
        raise refused(
            "It contains a user name or a password.",
            "Send a URL that opens without a user name and password.",
        )
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and not settings.FETCH_LOOPBACK:
        raise refused(
            "Its port is neither 80 nor 443.", "Send an http or https URL on port 80 or 443."
        )
    host = plain(host)
    if hosts is not None and not allowed(host, hosts):
        raise refused(
            "Its host is not one of this marketplace's picture hosts.",
            f"Send a URL on {', '.join(hosts)}, or ask the operator to add the host.",
        )
    refuse_local(host)
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port, f"{parts.path or '/'}{query}", ip="")


def refuse_local(host: str) -> None:
    """Raises URLRefused for names and numbers that no resolver maps to a public host."""
    if f".{host}".endswith(LOCAL) and not settings.FETCH_LOOPBACK:
        raise refused("Its host is not public.", PUBLIC)
    try:
        ip = host if ":" in host else socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return  # a name
    try:
        public = may_be_asked(ip)
    except ValueError as error:
        raise refused("Its host is not a valid name.", AS_THIS) from error
    if not public:
        raise refused("Its host is not public.", PUBLIC)


def plain(host: str) -> str:
    try:
        return host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise refused("Its host is not a valid name.", AS_THIS) from error


def allowed(host: str, hosts: Sequence[str]) -> bool:
    return any(
        host == known.lower() or (known.startswith(".") and host.endswith(known.lower()))
        for known in hosts
    )


def resolved(host: str, port: int, seconds: float) -> str:
    """Returns the resolver's first address if all of them are public. Raises URLRefused, HostUnknown."""
    try:
        ips = ips_of(host, port, seconds)
    except (OSError, UnicodeError) as error:
        raise HostUnknown(
            "Its host cannot be found.", remedy="Check the name, or try again.", field="url"
        ) from error
    if not ips or not all(may_be_asked(ip) for ip in ips):
        raise refused("Its host is not public.", PUBLIC)
    return ips[0]


def may_be_asked(ip: str) -> bool:
    if "%" in ip:
        return False
    address = ipaddress.ip_address(ip)
    return all(is_public(one) for one in (address, *within(address)))


def within(ip: IP) -> list[IP]:
    """Returns the IPv4 addresses embedded in an IPv6 address."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    held: list[IP | None] = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in NAT64:
        held.append(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
    return [one for one in held if one is not None]


def is_public(ip: IP) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        return True  # `within` returns the IPv4 address, which is checked instead
    if ip.is_loopback:
        return bool(settings.FETCH_LOOPBACK)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def refused(why: str, remedy: str) -> URLRefused:
    return URLRefused(f"The URL was refused. {why}", remedy=remedy, field="url")
