"""Measures the time of each matching stage; nothing is recorded outside `timed`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_spent: ContextVar[dict[str, float] | None] = ContextVar("spent", default=None)


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Yields the milliseconds of each stage that runs in the block, in the order of first use."""
    spent: dict[str, float] = {}
    token = _spent.set(spent)
    try:
        yield spent
    finally:
        _spent.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    spent = _spent.get()
    started = time.perf_counter()
    try:
        yield
    finally:
        if spent is not None:
            spent[name] = spent.get(name, 0.0) + (time.perf_counter() - started) * 1000
