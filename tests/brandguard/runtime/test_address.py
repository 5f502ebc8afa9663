"""Where the web server listens."""

import socket
import time

import pytest

from brandguard.runtime import address
from brandguard.runtime.errors import CannotStart

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def no_servers_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def test_a_port_in_use_is_moved_past() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with address.listen("127.0.0.1", port) as moved:
            assert port < moved.getsockname()[1] <= port + 20


def test_a_port_that_is_just_being_left_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    monkeypatch.setattr(time, "sleep", lambda _: taken.close())
    with address.listen("127.0.0.1", port, patience=5) as kept:
        assert kept.getsockname()[1] == port


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(CannotStart, match=r"Cannot listen on 203\.0\.113\.1 .*set WEB_HOST"):
        address.listen("203.0.113.1", 8000)


def test_an_address_on_all_interfaces_is_shown_as_this_machine() -> None:
    with address.listen("0.0.0.0", 0) as everywhere:  # noqa: S104 - for a moment, and silent
        assert address.url(everywhere) == f"http://127.0.0.1:{everywhere.getsockname()[1]}"
