"""The embedded broker: real servers, started, killed, hung and left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from kombu import Connection

from brandguard.runtime import broker
from brandguard.runtime.errors import CannotStart
from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import Stack

pytestmark = pytest.mark.processes


@pytest.fixture
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("b")  # short, so that the socket fits into it


@pytest.fixture
def orphan(data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server whose supervisor is gone, with one message in its queue."""
    broker.make_folders(data_dir)
    with subprocess.Popen(broker.command(data_dir), stdout=subprocess.DEVNULL) as process:
        wait_for(data_dir)
        push(data_dir)
        yield process
        process.kill()


def alone(data_dir: Path) -> Stack:
    return Stack(Plan(data_dir=data_dir), parts=["broker"], migrate=False)


def wait_for(data_dir: Path) -> None:
    deadline = time.monotonic() + 10
    while not broker.is_ready(data_dir):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def push(data_dir: Path) -> None:
    with redis.Redis(unix_socket_path=str(broker.socket_path(data_dir))) as client:
        client.lpush("match", "listing 1")


def waiting(data_dir: Path) -> int:
    with redis.Redis(unix_socket_path=str(broker.socket_path(data_dir))) as client:
        return int(client.llen("match"))


def test_a_redis_url_is_taken_as_it_is(data_dir: Path) -> None:
    assert broker.broker_url("redis://elsewhere:6379/1", data_dir) == "redis://elsewhere:6379/1"


@pytest.mark.parametrize("name", ["plain", "with blank", "50% #1? é+:@"])
def test_celery_reaches_the_broker_in_any_folder(data_dir: Path, name: str) -> None:
    folder = data_dir / name
    with alone(folder), Connection(broker.broker_url("", folder)) as connection:
        queue = connection.SimpleQueue("match")
        queue.put({"listing": 1})
        assert queue.get(timeout=5).payload == {"listing": 1}
        queue.close()


def test_asking_for_the_url_makes_nothing(data_dir: Path) -> None:
    broker.broker_url("", data_dir)
    assert list(data_dir.iterdir()) == []


def test_the_broker_listens_on_no_port_and_drops_nothing(data_dir: Path) -> None:
    with alone(data_dir), redis.Redis(unix_socket_path=str(broker.socket_path(data_dir))) as client:
        config = client.config_get("*")
    assert config["port"] == "0"
    assert config["appendonly"] == "yes"
    assert config["maxmemory-policy"] == "noeviction"


def test_other_users_cannot_reach_the_socket(data_dir: Path) -> None:
    with alone(data_dir):
        assert broker.socket_path(data_dir).stat().st_mode & 0o077 == 0
        assert broker.socket_path(data_dir).parent.stat().st_mode & 0o077 == 0


def test_a_long_data_folder_has_its_socket_elsewhere(data_dir: Path) -> None:
    long = data_dir / ("d" * 60) / ("e" * 60)
    path = broker.socket_path(long)
    assert long not in path.parents
    assert path != broker.socket_path(long / "another")
    with alone(long):
        push(long)
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.exists()


def test_a_folder_of_another_user_is_refused(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: data_dir.stat().st_uid + 1)
    with pytest.raises(CannotStart, match="belongs to another user"):
        broker.make_folders(data_dir)


def test_a_link_in_the_place_of_the_folder_is_refused(data_dir: Path) -> None:
    (data_dir / "broker").symlink_to(data_dir)
    with pytest.raises(CannotStart, match="belongs to another user"):
        broker.make_folders(data_dir)


def test_an_orphaned_broker_is_adopted(data_dir: Path, orphan: subprocess.Popen[bytes]) -> None:
    with alone(data_dir) as stack:
        assert stack.pid("broker") == orphan.pid
        assert waiting(data_dir) == 1
    assert orphan.wait(5) == 0


def test_a_hung_broker_is_ended_and_its_queue_kept(
    data_dir: Path, orphan: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(broker, "GRACE_SECONDS", 0.5)
    orphan.send_signal(signal.SIGSTOP)
    with alone(data_dir) as stack:
        assert orphan.wait(1) == -signal.SIGKILL
        assert stack.pid("broker") != orphan.pid
        assert waiting(data_dir) == 1


def test_a_broker_nobody_can_reach_any_more_is_ended(
    data_dir: Path, orphan: subprocess.Popen[bytes]
) -> None:
    broker.socket_path(data_dir).unlink()
    with alone(data_dir):
        assert orphan.wait(1) == 0
        assert waiting(data_dir) == 1


def test_what_a_killed_broker_left_does_not_matter(
    data_dir: Path, orphan: subprocess.Popen[bytes]
) -> None:
    orphan.kill()
    orphan.wait()
    assert broker.socket_path(data_dir).exists()
    assert broker.pid_path(data_dir).exists()
    with alone(data_dir):
        assert waiting(data_dir) == 1


def test_a_process_that_only_has_the_noted_number_is_left_alone(data_dir: Path) -> None:
    broker.make_folders(data_dir)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        broker.pid_path(data_dir).write_text(f"{stranger.pid}\n")
        with alone(data_dir):
            assert stranger.poll() is None
        stranger.kill()


def test_a_killed_broker_comes_back_with_its_queue(data_dir: Path) -> None:
    with alone(data_dir) as stack:
        push(data_dir)
        first = stack.pid("broker")
        assert first
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while not broker.is_ready(data_dir):
            assert time.monotonic() < deadline
            stack.tend()
        assert stack.pid("broker") != first
        assert waiting(data_dir) == 1


def test_a_queue_file_cut_short_does_not_stop_the_start(data_dir: Path) -> None:
    with alone(data_dir):
        push(data_dir)
    (log,) = (data_dir / "broker" / "appendonlydir").glob("*.incr.aof")
    with log.open("ab") as file:
        file.write(b"*3\r\n$5\r\nLPUSH\r\n$5\r\nmat")
    with alone(data_dir):
        assert waiting(data_dir) == 1
