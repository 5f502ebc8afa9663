"""What is registered, as matching looks it up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from vision.channels.image_features import ImageFeatures
from vision.encoders.base import Vectors
from vision.geometry.codes import Codes
from vision.index.base import Hit


@dataclass(frozen=True)
class View:
    """A registered view; `described` is what each channel that it is enrolled in made of it."""

    image: UUID
    described: Mapping[str, Any]


@dataclass(frozen=True)
class ViewOwner:
    """Whose view it is. `verified` says that its claims count for others."""

    view: UUID
    brand: UUID
    verified: bool


class Register(Protocol):
    """The database's, or one in memory. Channels are named; one that is off finds nothing."""

    def catch_up(self) -> None:
        """Comes up to date with what is registered, which takes long after many enrolments. Searching
        does it too.
        """
        ...

    def search(
        self,
        channel: str,
        vectors: Vectors,
        k: int,
        of_a_brand: int,
        at_least: float | None = None,
    ) -> list[list[Hit]]:
        """As PartedIndex has it, in that channel's index."""
        ...

    def has(self, channel: str) -> bool:
        """Whether any view is enrolled in it."""
        ...

    def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
        """Fingerprint ids, as PartedIndex has it."""
        ...

    def identical(self, pixel_sha256: str) -> list[UUID]:
        """Views whose decoded pixels are equal."""
        ...

    def owners_of(self, fingerprints: Iterable[int]) -> dict[int, ViewOwner]:
        """The view of each fingerprint that may be searched, in the order asked for."""
        ...

    def variants(self, fingerprints: Iterable[int]) -> dict[int, str]:
        """Of those that are anything but the original."""
        ...

    def codes(self, images: Sequence[UUID]) -> list[Codes]:
        """Of the local features of these views, in the order asked for."""
        ...

    def vectors(self, channel: str, images: Sequence[UUID]) -> dict[UUID, Vectors]:
        """The channel's original vectors of those of these views that are enrolled in it: light, so
        that no view is loaded as a whole to learn that it is none of them.
        """
        ...

    def views(self, images: Sequence[UUID]) -> list[View]:
        """In the order asked for, without those deleted meanwhile."""
        ...


@dataclass(frozen=True)
class Query:
    """One listing picture while it is matched. `shared` is where channels keep what others use too."""

    features: ImageFeatures
    register: Register
    shared: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def identical(self) -> list[UUID]:
        return self.register.identical(self.features.pixel_sha256)
