"""Runs work in threads that have their own database connections, as processes have."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def own_connections(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Gives each thread its own connection. SQLite's test database is in memory, where threads cannot wait
    for each other, so this moves it to a file. PostgreSQL needs nothing.
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
    """Yields a function that starts work; leaving the block waits for all of it."""
    with ThreadPoolExecutor() as pool:
        yield lambda work: pool.submit(with_own_connection, work)


def with_own_connection(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()
