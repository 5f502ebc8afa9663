"""Limits how many threads of a process one host or endpoint may occupy at once.

A host that answered quickly may have many, an unknown host one, a host that was slow the last time few.
Slow and unknown hosts together get half of the threads, so quick hosts find a free one; slow hosts get
half of that, so unknown hosts find one too.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

QUICK_AT_ONCE, UNKNOWN_AT_ONCE, SLOW_AT_ONCE = 8, 1, 2
SLOW_SECONDS = 2.0  # an attempt that takes longer makes its host slow
PATIENCE = 0.5  # seconds to wait for a slot at a quick host
MAX_KNOWN = 10_000


class Slots:
    """The slots of one process with `threads` threads."""

    def __init__(self, *, threads: int) -> None:
        self._not_quick, self._all_slow = max(1, threads // 2), max(1, threads // 4)
        self._changed = Condition()
        self._held: Counter[str] = Counter()
        self._was_slow: OrderedDict[str, bool] = OrderedDict()  # in the last attempt at each key

    @contextmanager
    def taken(self, key: str) -> Iterator[bool]:
        """Yields False when `key` has no free slot: make this attempt later."""
        if not self._take(key):
            yield False
            return
        started = time.monotonic()
        try:
            yield True
        finally:
            self._give_back(key, slow=time.monotonic() - started > SLOW_SECONDS)

    def _take(self, key: str) -> bool:
        with self._changed:
            patience = 0 if self._was_slow.get(key) or not self._held[key] else PATIENCE
            free = self._changed.wait_for(lambda: self._is_free(key), patience)
            if free:
                self._held[key] += 1
            return free

    def _is_free(self, key: str) -> bool:
        slow = self._was_slow.get(key)
        if slow is False:
            return self._held[key] < QUICK_AT_ONCE
        if self._held_by(True) + self._held_by(None) >= self._not_quick:
            return False
        if slow is None:
            return self._held[key] < UNKNOWN_AT_ONCE
        return self._held[key] < SLOW_AT_ONCE and self._held_by(True) < self._all_slow

    def _held_by(self, slow: bool | None) -> int:  # noqa: FBT001 - the type of the stored values
        """Returns the slots held by slow (True), quick (False) or unknown (None) hosts."""
        return sum(held for key, held in self._held.items() if self._was_slow.get(key) is slow)

    def _give_back(self, key: str, *, slow: bool) -> None:
        with self._changed:
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]
            self._was_slow[key] = slow
            self._was_slow.move_to_end(key)
            if len(self._was_slow) > MAX_KNOWN:
                self._was_slow.popitem(last=False)
            self._changed.notify_all()
