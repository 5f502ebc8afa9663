"""The address that the web server listens on.

The supervisor opens the socket and passes it on, so that a web server that crashes and restarts loses
neither its port nor the waiting connections.
"""

import errno
import http.client
import socket
import time

from brandguard.runtime.errors import CannotStart

PORTS_TRIED = 20
# Listening on every interface, reached from here as this machine.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
ANSWER_SECONDS = 2.0


def listen(host: str, port: int, *, patience: float = 0.0) -> socket.socket:
    """Returns a socket on the first free port from `port` on.

    `patience` is the time in seconds to wait for `port` itself while an earlier server releases it.
    """
    deadline = time.monotonic() + patience
    while not (found := _bind(host, port)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for number in range(port + 1, min(port + PORTS_TRIED, 65_535) + 1):
        found = found or _bind(host, number)
    if not found:
        raise CannotStart(
            f"No free port from {port} to {port + PORTS_TRIED}: set WEB_PORT to a free one."
        )
    return found


def url(sock: socket.socket) -> str:
    host, port = _reached(sock)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def answers(sock: socket.socket) -> bool:
    """Whether a web server answers there, with any status."""
    connection = http.client.HTTPConnection(*_reached(sock), timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def _bind(host: str, port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        raise CannotStart(
            f"Cannot listen on {host} port {port} ({error.strerror}): "
            "set WEB_HOST and WEB_PORT to an address of this machine that this user may open."
        ) from error


def _reached(sock: socket.socket) -> tuple[str, int]:
    host, port = sock.getsockname()[:2]
    return EVERYWHERE.get(host, host), port
