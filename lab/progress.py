"""Shows how far a long run is and when it will end."""

import time
from collections.abc import Callable

EVERY = 2.0  # seconds between two lines
MINUTE = 60.0  # seconds


class Progress:
    """Writes one line over and over on a terminal, and a line every minute into a file.

    The time left is that of the rest at the speed so far.
    """

    def __init__(
        self, write: Callable[[str], None], *, on_terminal: bool, clock: Callable[[], float]
    ) -> None:
        self.write = write
        self.on_terminal = on_terminal
        self.clock = clock
        self.every = EVERY if on_terminal else MINUTE
        self.began = self.last = clock()

    def show(self, what: str, done: int, of: int) -> None:
        now = self.clock()
        if done < of and now - self.last < self.every:
            return
        self.last = now
        spent = now - self.began
        rest = spent / done * (of - done)
        told = f"took {duration(spent)}" if done == of else f"about {duration(rest)} left"
        end = "\n" if done == of or not self.on_terminal else ""
        start = "\r" if self.on_terminal else ""
        self.write(f"{start}{what}: {done:,} of {of:,}, {told}{' ' * 8 * self.on_terminal}{end}")


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < MINUTE else f"{seconds / MINUTE:.0f} min"


def progress(write: Callable[[str], None], *, on_terminal: bool) -> Progress:
    return Progress(write, on_terminal=on_terminal, clock=time.monotonic)
