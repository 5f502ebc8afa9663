"""Runs a command beside its own PostgreSQL: `python -m tests.postgres -- command`.

The command finds it in DATABASE_URL. The server uses the binaries installed on this machine, listens on a
unix socket in a private temporary folder, and is removed with it afterwards.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TypedDict
from urllib.parse import quote

import psycopg

# Nothing here outlives the run, so nothing waits for the disk.
OPTIONS = {"listen_addresses": "", "fsync": "off", "synchronous_commit": "off"}
START_SECONDS = 30.0


class RunAs(TypedDict):
    user: str | None
    group: int | None
    extra_groups: list[str | int] | None


def run_with_cluster(command: Sequence[str]) -> int:
    """Returns the command's exit status."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        with cluster() as url:
            return run(command, {"DATABASE_URL": url})
    except KeyboardInterrupt:  # while the server was starting
        return 130


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs the command. Ctrl-C reaches it directly, and SIGTERM is passed on as SIGINT, so that it cleans
    up.
    """
    with subprocess.Popen(command, env={**os.environ, **environment}) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Yields its DATABASE_URL."""
    binaries, run_as = find_binaries(), server_user()
    # Names /tmp because a socket's path may have 107 characters and TMPDIR may use them up.
    with tempfile.TemporaryDirectory(prefix="brandguard-pg-", dir="/tmp") as name:
        folder = Path(name)
        if owner := run_as["user"]:
            shutil.chown(folder, owner)
        initialise(binaries, folder, run_as)
        with server(binaries, folder, run_as):
            yield f"postgres://brandguard@{quote(name, safe='')}/postgres"


def find_binaries() -> Path:
    """Returns the newest of Debian's folders, or the one on the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    sys.exit(
        "No PostgreSQL: install one (Debian: apt-get install postgresql) or set DATABASE_URL "
        "to a database of a server whose user may create databases."
    )


def server_user() -> RunAs:
    """Returns the user to run as: PostgreSQL refuses to run as root, and its package creates a user for
    that.
    """
    if os.geteuid():
        return RunAs(user=None, group=None, extra_groups=None)
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError:
        sys.exit(
            "PostgreSQL does not run as root: create a user named postgres, or run this as another user."
        )
    return RunAs(user=owner.pw_name, group=owner.pw_gid, extra_groups=[])


def initialise(binaries: Path, folder: Path, run_as: RunAs) -> None:
    made = subprocess.run(
        [binaries / "initdb", "-D", folder / "data", "-U", "brandguard", "-A", "trust", "-N"],
        **run_as,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        sys.exit(f"initdb failed: {made.stderr.strip()}")


@contextlib.contextmanager
def server(binaries: Path, folder: Path, run_as: RunAs) -> Iterator[None]:
    settings = [word for name, value in OPTIONS.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", "-k", folder, *settings],
            **run_as,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests; the server ends after them
        )
    try:
        wait_until_answering(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def wait_until_answering(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(f"host={folder} user=brandguard dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"PostgreSQL did not start: {(folder / 'log').read_text().strip()}")


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def _as_interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    if sys.argv[1:2] != ["--"] or len(sys.argv) == 2:
        sys.exit(__doc__)
    sys.exit(run_with_cluster(sys.argv[2:]))
