"""The contract of listings that the benchmark makes from a folder's pictures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from vision.pictures.picture import Picture

type Read = Callable[[str], Picture]
"""Returns the folder's picture at a path."""


@dataclass(frozen=True)
class Made:
    """The file of a made listing. `done` is the edit that was made, as lab.benchmark.explanations.Truth."""

    data: bytes
    done: dict[str, Any] = field(default_factory=dict)


class Recipe(Protocol):
    """How one listing is made. Every call returns the same picture: dice are seeded by names of pictures."""

    def make(self, read: Read) -> Made | None:
        """Returns None where the pictures do not allow it."""
        ...
