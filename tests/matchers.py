"""Matching with the fake encoder and hand-made calibrations."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.base import ContentFile

from detection.matching.matcher import Matcher
from detection.matching.register import DatabaseRegister
from fingerprints.actions.enrol import describe, enrol_design
from fingerprints.index.live import LiveIndex
from fingerprints.models import Brand, Design, DesignImage
from lab.calibration.memory import MemoryRegister
from tests import factories
from tests.fake_encoder import SPEC, FakeEncoder
from tests.pictures import encoded
from vision.channels.calibration import Calibration, ChannelCalibration
from vision.channels.channel import Channel, Evidence, ViewDescription
from vision.channels.copy import NAME as COPY
from vision.channels.copy.channel import CopyChannel
from vision.channels.copy.verification import CopyMatch
from vision.channels.copy.view import CopyView
from vision.channels.image_features import ImageFeatures, extract_features
from vision.channels.logo import NAME as LOGO
from vision.channels.logo.channel import LogoChannel
from vision.channels.matching import Matching, Scoring
from vision.channels.object import NAME as OBJECT
from vision.channels.object.channel import ObjectChannel
from vision.channels.register import Query, Register, View
from vision.channels.registry import Channels
from vision.encoders.base import Encoder
from vision.encoders.generation import generation_of
from vision.geometry import features
from vision.geometry.agreement import NONE, Agreement
from vision.geometry.regions import WHOLE
from vision.geometry.verification import Geometry
from vision.pictures.decode import Decoded
from vision.pictures.picture import Picture, pixel_sha256

# Cosine 0.9 alone scores 72; with 10 inliers beyond the 6 of chance it scores 93; many lead to 100.
COPY_BY_HAND = ChannelCalibration(
    generation=generation_of(SPEC),
    weights=(1.0, 1.0, 1.0),
    knots=((0.0, 0.0), (1.0, 80.0), (2.0, 85.0), (4.0, 97.0), (5.0, 100.0)),
    parameters={
        "chance_inliers": 6,
        "chance_patches": 5.0,
        "copy_ratio": 0.5,
        "design_ratio": 0.2,
    },
)


def calibration(**channels: ChannelCalibration | None) -> Calibration:
    """Returns a calibration with a hand-made copy channel, unless given, and the other channels as given."""
    known = {COPY: COPY_BY_HAND} | {name: part for name, part in channels.items() if part}
    return Calibration("by-hand", features.VERSION, "", known)


def copy_calibration(**changes: Any) -> ChannelCalibration:
    """Returns a hand-made calibration of the copy channel with these changes."""
    parameters = {**COPY_BY_HAND.parameters} | {
        name: changes.pop(name) for name in list(changes) if name in COPY_BY_HAND.parameters
    }
    return replace(COPY_BY_HAND, parameters=parameters, **changes)


def channels(
    objects: Encoder | None = None, logos: Encoder | None = None, base: Encoder | None = None
) -> Channels:
    """Returns the copy channel with the fake encoder, and the other channels that have an encoder."""
    made: dict[str, Channel] = {COPY: CopyChannel(base or FakeEncoder())}
    if objects:
        made[OBJECT] = ObjectChannel(objects)
    if logos:
        made[LOGO] = LogoChannel(logos)
    return made


def scoring(of: Channels | None = None, **parts: ChannelCalibration) -> Scoring:
    return Scoring(channels() if of is None else of, calibration(**parts))


def geometry(inliers: int) -> Geometry | None:
    return Geometry(np.eye(3), inliers, inliers) if inliers else None


def copy_match(cosine: float, inliers: int = 0, **fields: Any) -> CopyMatch:
    """Returns a match. If it has inliers, most of the view is found again near its place."""
    agreement = Agreement(40, 36, 0) if inliers else NONE
    made = CopyMatch(cosine, WHOLE, geometry=geometry(inliers), agreement=agreement)
    return replace(made, **fields)


def evidence(cosine: float, inliers: int = 0, **findings: Any) -> Evidence:
    """Returns evidence of the copy channel, and of others by name."""
    return Evidence({COPY: copy_match(cosine, inliers), **findings})


def decoded(picture: Picture) -> Decoded:
    return Decoded(picture, "PNG", pixel_sha256(picture))


def seen(picture: Picture) -> ImageFeatures:
    return extract_features(decoded(picture), FakeEncoder(), FakeEncoder())


def described(
    picture: Picture, kind: str = "photo", of: Channels | None = None
) -> dict[str, ViewDescription]:
    return describe(picture, kind, channels() if of is None else of)


def copy_view_of(picture: Picture) -> CopyView:
    made: CopyView = described(picture)[COPY].view
    return made


def memory(of: Channels | None = None) -> MemoryRegister:
    return MemoryRegister(channels() if of is None else of)


def found_in(
    picture: Picture, register: Register, of: Channels | None = None
) -> list[tuple[View, Evidence]]:
    return Matching(Query(seen(picture), register), channels() if of is None else of).found()


def indexes(of: Channels, folder: Path) -> dict[str, LiveIndex]:
    return {
        name: LiveIndex(channel.encoder.spec, folder)
        for name, channel in of.items()
        if channel.spec.is_searched
    }


def matcher(folder: Path, of: Channels | None = None, **parts: ChannelCalibration) -> Matcher:
    """Returns a matcher over the database; its indexes keep their snapshots in `folder`."""
    used = channels() if of is None else of
    return Matcher(
        FakeEncoder(),
        FakeEncoder(),
        DatabaseRegister(used, indexes(used, folder)),
        scoring(used, **parts),
        {"numpy": np.__version__},
    )


def with_calibration(matcher: Matcher, calibration: Calibration) -> Matcher:
    return replace(matcher, scoring=replace(matcher.scoring, calibration=calibration))


def with_channels(matcher: Matcher, channels: Channels) -> Matcher:
    return replace(matcher, scoring=replace(matcher.scoring, channels=channels))


def enrolled(of: Brand, picture: Picture, name: str = "Bottle") -> Design:
    """Returns a design with one view, that picture, enrolled as in production."""
    design = registered(of, picture, name)
    enrol_design(design=design, encoder=FakeEncoder(), channels=channels())
    return design


def registered(of: Brand, picture: Picture, name: str = "Bottle", **fields: Any) -> Design:
    """Returns the same design before its enrolment."""
    design = factories.design(of, name, **fields)
    DesignImage.objects.create(
        design=design,
        position=0,
        name="front.png",
        file=ContentFile(encoded(picture), "front.png"),
        sha256="0" * 64,
    )
    return design
