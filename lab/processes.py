"""Processes of a long run. They end with the run, however it ends."""

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor

import django
from django.db import connections


def processes(count: int) -> ProcessPoolExecutor:
    """Returns a pool whose processes each open the database themselves."""
    connections.close_all()
    return ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), begin)


def begin() -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()
    django.setup()


def end_with_parent() -> None:
    """Ends this process when the one that started it has ended: a pool's process would wait for work for ever,
    as its own end of the pipe stays open.
    """
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
