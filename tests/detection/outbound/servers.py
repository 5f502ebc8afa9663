"""Servers on this machine that misbehave, each in its own way."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

PNG = b"\x89PNG\r\n\x1a\nnot much of a picture"


def answer(
    body: bytes = PNG, *, status: str = "200 OK", content_type: str = "image/png", **headers: str
) -> bytes:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    every = {"Content-Type": content_type, "Content-Length": str(len(body)), **given}
    lines = [f"{name}: {value}" for name, value in every.items()]
    return f"HTTP/1.1 {status}\r\n{'\r\n'.join(lines)}\r\n\r\n".encode() + body


def saying(data: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(data)


def dripping(data: bytes, *, every: float = 0.05) -> Callable[[socket.socket], None]:
    """A byte at a time, so that no single wait is long."""

    def drip(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(every)

    return drip


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
    while True:
        connection.sendall(b"\0" * 65_536)


def silent(connection: socket.socket) -> None:
    connection.settimeout(5)
    with suppress(OSError):
        while connection.recv(65_536):  # until the other side has had enough
            pass


@contextmanager
def serving(*behaviours: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Its URL, and the requests that it had. Connection after connection gets the next of
    `behaviours`, the last of them for good.
    """
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    requests.append(connection.recv(65_536))
                    behave = behaviours[min(len(requests), len(behaviours)) - 1]
                    Thread(target=handle, args=(behave, connection), daemon=True).start()

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", requests
        server.shutdown(socket.SHUT_RDWR)


def handle(behave: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection, suppress(OSError):
        behave(connection)
