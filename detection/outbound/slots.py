"""How many attempts at once a host, or an endpoint, may hold of a process's threads.

One that answers quickly may have many: nobody waits long behind it. One that is not known yet has one.
One that was slow the last time has few. All that are slow or not known have half of the threads together,
however many they are, so that the quick ones find one free; all slow ones half of that, so that those that are
not known do.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

QUICK_AT_ONCE, UNKNOWN_AT_ONCE, SLOW_AT_ONCE = 8, 1, 2
SLOW_SECONDS = 2.0  # an attempt that took longer
PATIENCE = 0.5  # seconds that one waits for others at the same quick host
MAX_KNOWN = 10_000


class Slots:
    """Of one process that has as many threads."""

    def __init__(self, *, threads: int) -> None:
        self._not_quick, self._all_slow = max(1, threads // 2), max(1, threads // 4)
        self._changed = Condition()
        self._held: Counter[str] = Counter()
        self._was_slow: OrderedDict[str, bool] = OrderedDict()  # by the last attempt at each

    @contextmanager
    def taken(self, key: str) -> Iterator[bool]:
        """False: others have all that `key` may have, so this attempt is for later."""
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

    def _held_by(self, slow: bool | None) -> int:  # noqa: FBT001 - as it is kept
        """Threads, by all that are as slow; None: by those that are not known."""
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
