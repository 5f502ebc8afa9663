"""Work in threads that have database connections of their own, as processes have."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def own_connections(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """SQLite's test database lives in memory, where threads cannot wait for each other: for this
    test it is moved to a file. On PostgreSQL nothing needs to be done.
    """
    if connection.vendor != "sqlite":
        yield
        return
    file = tmp_path / "threads.sqlite3"
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    with sqlite3.connect(file) as copy:
        in_memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(file)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


@contextmanager
def threads() -> Iterator[Callable[[Callable[[], object]], Future[object]]]:
    """Yields what starts a piece of work; all of it has ended when the block is left."""
    with ThreadPoolExecutor() as pool:
        yield lambda work: pool.submit(with_own_connection, work)


def with_own_connection(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()
