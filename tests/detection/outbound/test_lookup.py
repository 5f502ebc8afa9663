"""Names that cannot be looked up are not waited for."""

import socket
from threading import Event
from typing import Any

import pytest

from detection.outbound.urls import HostUnknown, resolve


def test_a_name_that_nobody_knows_may_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> Any:
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(HostUnknown) as unknown:
        resolve("http://nowhere.example/")
    assert not unknown.value.permanent


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60))
    with pytest.raises(HostUnknown, match="cannot be found"):
        resolve("https://example.com/", seconds=0.05)
    over.set()
