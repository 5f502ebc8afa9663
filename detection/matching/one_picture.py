"""Matches a picture that belongs to no listing; nothing of it is stored."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from detection.matching.matcher import Matcher
from fingerprints.models import DesignImage
from vision.channels.image_features import extract_features
from vision.channels.matching import match_image
from vision.channels.register import Register, ViewOwner
from vision.pictures.decode import Decoded


class Alone:
    """A register reduced to some views, so that other views do not displace them. Every other call goes
    to the register itself.
    """

    def __init__(self, register: Register, views: set[UUID]) -> None:
        self._register = register
        self._views = views

    def __getattr__(self, name: str) -> Any:
        return getattr(self._register, name)

    def identical(self, pixel_sha256: str) -> list[UUID]:
        return [view for view in self._register.identical(pixel_sha256) if view in self._views]

    def owners_of(self, fingerprints: Iterable[int]) -> dict[int, ViewOwner]:
        owners = self._register.owners_of(fingerprints)
        return {number: owner for number, owner in owners.items() if owner.view in self._views}


def strongest_of(
    views: QuerySet[DesignImage], decoded: Decoded, matcher: Matcher
) -> tuple[float, DesignImage] | None:
    """Returns the highest similarity and its view; None where the search finds none of the views."""
    features = extract_features(decoded, matcher.encoder, matcher.quick)
    rows = {view.pk: view for view in views}
    alone = cast("Register", Alone(matcher.register, set(rows)))
    scored = [
        (matcher.scoring.similarity(evidence), rows[view.image])
        for view, evidence in match_image(features, alone, matcher.channels)
        if view.image in rows
    ]
    return max(scored, key=lambda one: one[0], default=None)
