"""What tests of channels register, and what their encoders say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from lab.calibration.memory import MemoryRegister
from tests.fake_encoder import SPEC, FakeEncoder
from tests.matchers import decoded, described, seen
from tests.pictures import photograph
from vision.channels.calibration import ChannelCalibration
from vision.channels.channel import ViewDescription
from vision.channels.image_features import ImageFeatures
from vision.channels.logo.alignment import Alignment
from vision.channels.logo.windows import LogoMatch
from vision.channels.object.spec import COLOURS
from vision.channels.object.strength import ObjectMatch
from vision.channels.register import ViewOwner
from vision.channels.registry import Channels
from vision.encoders.base import Vectors
from vision.geometry.polygons import SQUARE
from vision.geometry.regions import Region
from vision.pictures.picture import Picture
from vision.pictures.resize import fit

COFFEE, ROCKET = (fit(photograph(name), longest=400) for name in ("coffee.png", "rocket.jpg"))
REGION = Region(0.1, 0.2, 0.3, 0.4)
OBJECTS = ChannelCalibration("objects", ((0.8, 50.0), (1.0, 85.0), (1.3, 95.0)), (1.0,) * 4)
LOGOS = ChannelCalibration("logos", ((1.0, 50.0), (3.0, 85.0), (6.0, 96.0)), (1.0, 0.5, 0.5, 1.0))
MANY = 1_000


class Counting(FakeEncoder):
    """Every picture is alike to it."""

    spec = replace(SPEC, name="counting", input_side=64, dimension=4)

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        self.embedded += len(pictures)
        return np.tile(np.array([1, 0, 0, 0], np.float32), (len(pictures), 1))


class Knowing(Counting):
    """Near a logo is what has as much magenta as the clean logo, which has no colour, has ink."""

    ink = 0.0

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        self.embedded += len(pictures)
        return np.stack([self._of(picture.astype(int)) for picture in pictures])

    def _of(self, levels: np.ndarray) -> Vectors:
        if np.ptp(levels, axis=2).max() == 0:
            self.ink = self.ink or float((levels < 128).mean())
            return np.array([1, 0, 0, 0], np.float32)
        share = ((levels[..., 0] - levels[..., 1]) > 200).mean()
        near = max(0.0, 1 - 5 * abs(share - self.ink))
        return np.array([near, (1 - near**2) ** 0.5, 0, 0], np.float32)


def alignment(outline: float = 0.95, overlap: float = 0.9, correlation: float = 0.95) -> Alignment:
    """In the middle of the listing, half as wide and half as high as it."""
    half = np.array([[0.5, 0, 0.25], [0, 0.5, 0.25], [0, 0, 1]])
    return Alignment(half, SQUARE, correlation, overlap, outline)


def logo_match(**fields: float) -> LogoMatch:
    return LogoMatch(0.9, REGION, alignment(**fields), mirrored=False)


def object_match(likeness: float = 1, cosine: float = 1, colours: float = 1) -> ObjectMatch:
    """Each sign as a multiple of what it reaches where OBJECTS says 85; colours count only beyond that."""
    return ObjectMatch(0.3 * likeness, 0.7 * cosine, colours=COLOURS.ordinary * colours)


def enrol(
    into: MemoryRegister, picture: Picture, kind: str = "photo", of: Channels | None = None
) -> UUID:
    image = uuid4()
    into.enrol(image, decoded(picture).pixel_sha256, described(picture, kind, of))
    return image


def registered_by_the_thousand(
    into: MemoryRegister, descriptions: Mapping[str, ViewDescription], *, verified: bool
) -> None:
    """Nobody verified its many brands, or it is one that was verified."""
    one = uuid4()
    for _ in range(MANY):
        brand = one if verified else uuid4()
        into.enrol(uuid4(), "theirs", descriptions, brand, verified=verified)


def owners(brand: UUID, count: int, *, verified: bool = True) -> list[ViewOwner]:
    return [ViewOwner(uuid4(), brand, verified) for _ in range(count)]


def as_a_whole(picture: Picture) -> ImageFeatures:
    """Without its windows, of which one or the other may show more of the owner's."""
    made = seen(picture)
    return replace(made, regions=made.regions[:1], vectors=made.vectors[:1])


def by_image(found: Sequence[tuple[Any, Any]]) -> dict[UUID, Any]:
    """The evidence of each view."""
    return {view.image: evidence for view, evidence in found}
