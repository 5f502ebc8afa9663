"""The register of designs as matching reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from vision.channels.image_features import ImageFeatures
from vision.encoders.base import Vectors
from vision.geometry.codes import Bits
from vision.index.base import Hit
from vision.index.codes import CodeHits


@dataclass(frozen=True)
class View:
    """A registered view; `described` holds each channel's description of it."""

    image: UUID
    described: Mapping[str, Any]


@dataclass(frozen=True)
class ViewOwner:
    """The owner of a view. `verified` says that the owner's claims restrict others."""

    view: UUID
    brand: UUID
    verified: bool


class Register(Protocol):
    """A register in the database or in memory. Searching a channel that is off finds nothing."""

    def catch_up(self) -> None:
        """Loads what was registered since the last call. This takes long after many enrolments. Searching
        does it too.
        """
        ...

    def search(
        self,
        channel: str,
        vectors: Vectors,
        k: int,
        of_a_brand: int,
        at_least: float = -1.0,
    ) -> list[list[Hit]]:
        """Searches that channel's index as PartedIndex does."""
        ...

    def has(self, channel: str) -> bool:
        """Whether any view is enrolled in the channel."""
        ...

    def near(self, perceptual_hash: int, within: int, most: int, of_a_brand: int) -> list[int]:
        """Returns fingerprint ids, as PartedIndex does."""
        ...

    def identical(self, pixel_sha256: str) -> list[UUID]:
        """Returns the views whose decoded pixels are equal."""
        ...

    def owners_of(self, fingerprints: Iterable[int]) -> dict[int, ViewOwner]:
        """Returns the view of each fingerprint that may be searched, in the given order."""
        ...

    def owners(self, views: Sequence[UUID]) -> dict[UUID, ViewOwner]:
        """Returns the owner of each of these views that may be searched."""
        ...

    def variants(self, fingerprints: Iterable[int]) -> dict[int, str]:
        """Returns the variant of those fingerprints that are not the original."""
        ...

    def search_codes(self, channel: str, bits: Bits, of_a_brand: int) -> tuple[CodeHits, CodeHits]:
        """Searches that channel's index of local-feature codes as PartedIndex does."""
        ...

    def vectors(self, channel: str, images: Sequence[UUID]) -> dict[UUID, Vectors]:
        """Returns the channel's original vectors of those of these views that are enrolled in it. This loads
        no whole view, so it is a cheap way to exclude candidates.
        """
        ...

    def views(self, images: Sequence[UUID]) -> list[View]:
        """Returns the views in the given order, without those deleted meanwhile."""
        ...


@dataclass(frozen=True)
class Query:
    """One listing picture being matched. Channels keep in `shared` what other channels use too."""

    features: ImageFeatures
    register: Register
    shared: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def identical(self) -> list[UUID]:
        return self.register.identical(self.features.pixel_sha256)
