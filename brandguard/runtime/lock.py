"""Allows one supervisor for each data folder, by a file lock that ends with its process."""

import fcntl
import os
from pathlib import Path

from brandguard.runtime.errors import CannotStart


class FolderLock:
    """Acquired on creation.

    Raises:
        CannotStart: Another process holds it; the message names that process and its address.
    """

    def __init__(self, data_dir: Path) -> None:
        self._file = (data_dir / "serve.lock").open("a+")
        self._file.seek(0)
        noted = self._file.read()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise CannotStart(
                f"Brandguard is already running on {data_dir}: {noted or 'it is just starting'}"
            ) from error
        # A clean stop empties the file: if it has content, the last holder was killed.
        self.was_abandoned = bool(noted)
        self.note("starting")

    def note(self, address: str) -> None:
        self._write(f"process {os.getpid()}, {address}")

    def release(self) -> None:
        self._write("")
        self._file.close()

    def _write(self, text: str) -> None:
        self._file.truncate(0)
        self._file.write(text)
        self._file.flush()
