"""The listings that the demo sends and their expected results, which were written before the matcher.

Strengths of edits are constants here; a seed only chooses positions, directions, scenes and words.
`expected` names the design that must be found at the threshold; None means that none may be.
"""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from lab.demo.pictures import Collection, Photograph
from vision.edits import transforms as edits
from vision.pictures.encode import to_jpeg
from vision.pictures.picture import Picture

CROP_AREA = 0.5
HUE_DEGREES = 60
TILT_DEGREES = 35
ROTATION_DEGREES = 25
SCENE_AREA = 0.2
SCENE_SIZE = (480, 640)  # height, width
UNRELATED = 24
TEXTS = ("SALE -50%", "BEST PRICE", "FREE SHIPPING", "NEW IN 2026", "TOP QUALITY")

# An object blurred until it has no detail is only expected after edits that leave it in plain view.
BLURRED = "Clock"
WHOLE_PICTURE_ONLY = ("identical copy", "crop, hue shifted")


@dataclass(frozen=True)
class Case:
    what: str
    data: bytes
    expected: str | None


def cases(collection: Collection, seed: int) -> Iterator[Case]:
    dice = random.Random(seed)  # noqa: S311 - chooses pictures, keeps no secret
    scenes = [as_pixels(photograph.data) for photograph in collection.unrelated]
    for photograph in collection.registered:
        for what, edit in EVASIONS.items():
            if photograph.name != BLURRED or what in WHOLE_PICTURE_ONLY:
                yield Case(what, edit(photograph, scenes, dice), photograph.name)
    if collection.other_camera:
        name, photograph = collection.other_camera
        yield Case("another camera", photograph.data, name)
    for number in range(UNRELATED):
        turn = number + number // len(scenes)  # a picture gets another edit the second time
        what, innocent = list(INNOCENT.items())[turn % len(INNOCENT)]
        yield Case(what, as_jpeg(innocent(scenes[number % len(scenes)], scenes, dice)), None)


def identical(photograph: Photograph, _: list[Picture], __: random.Random) -> bytes:
    return photograph.data


def crop_and_hue(photograph: Photograph, _: list[Picture], dice: random.Random) -> bytes:
    part = edits.crop(as_pixels(photograph.data), area=CROP_AREA, x=dice.random(), y=dice.random())
    return as_jpeg(edits.shift_hue(part, degrees=dice.choice((-1, 1)) * HUE_DEGREES))


def mirror_and_text(photograph: Photograph, _: list[Picture], dice: random.Random) -> bytes:
    mirrored = edits.mirror(as_pixels(photograph.data))
    return as_jpeg(edits.write_over(mirrored, text=dice.choice(TEXTS), y=dice.random()))


def tilted(photograph: Photograph, _: list[Picture], dice: random.Random) -> bytes:
    degrees = dice.choice((-1, 1)) * TILT_DEGREES
    axis = dice.choice(("vertical", "horizontal"))
    return as_jpeg(edits.tilt(as_pixels(photograph.data), degrees=degrees, axis=axis))


def rotated(photograph: Photograph, _: list[Picture], dice: random.Random) -> bytes:
    degrees = dice.choice((-1, 1)) * ROTATION_DEGREES
    return as_jpeg(edits.rotate(as_pixels(photograph.data), degrees=degrees))


def in_a_scene(photograph: Photograph, scenes: list[Picture], dice: random.Random) -> bytes:
    scene = edits.resize(dice.choice(scenes), width=SCENE_SIZE[1], height=SCENE_SIZE[0])
    picture = as_pixels(photograph.data)
    return as_jpeg(edits.paste(picture, scene, area=SCENE_AREA, x=dice.random(), y=dice.random()))


def in_a_collage(photograph: Photograph, scenes: list[Picture], dice: random.Random) -> bytes:
    tiles = [as_pixels(photograph.data), *dice.sample(scenes, 3)]
    dice.shuffle(tiles)
    return as_jpeg(edits.collage(tiles))


EVASIONS: dict[str, Callable[[Photograph, list[Picture], random.Random], bytes]] = {
    "identical copy": identical,
    "crop, hue shifted": crop_and_hue,
    "mirrored, text over it": mirror_and_text,
    "tilted 35 degrees": tilted,
    "rotated 25 degrees": rotated,
    "small in a scene": in_a_scene,
    "2x2 collage": in_a_collage,
}


def unrelated_as_it_is(picture: Picture, _: list[Picture], __: random.Random) -> Picture:
    return picture


def unrelated_tile(picture: Picture, _: list[Picture], dice: random.Random) -> Picture:
    return edits.crop(picture, area=0.3, x=dice.random(), y=dice.random())


def unrelated_on_plain(picture: Picture, _: list[Picture], dice: random.Random) -> Picture:
    plain = edits.ground(*SCENE_SIZE, dice.choice(((255, 255, 255), (20, 20, 24), (200, 190, 170))))
    return edits.paste(picture, plain, area=0.3, x=dice.random(), y=dice.random())


def unrelated_on_busy(picture: Picture, scenes: list[Picture], dice: random.Random) -> Picture:
    scene = edits.resize(dice.choice(scenes), width=SCENE_SIZE[1], height=SCENE_SIZE[0])
    return edits.paste(
        edits.shift_hue(picture, degrees=dice.uniform(0, 360)), scene, area=0.3, x=dice.random()
    )


def unrelated_with_text(picture: Picture, _: list[Picture], dice: random.Random) -> Picture:
    return edits.write_over(picture, text=dice.choice(TEXTS), y=dice.random())


def unrelated_collage(picture: Picture, scenes: list[Picture], dice: random.Random) -> Picture:
    return edits.collage([picture, *dice.sample(scenes, 3)])


INNOCENT: dict[str, Callable[[Picture, list[Picture], random.Random], Picture]] = {
    "unrelated": unrelated_as_it_is,
    "unrelated, a tile": unrelated_tile,
    "unrelated, plain ground": unrelated_on_plain,
    "unrelated, busy ground": unrelated_on_busy,
    "unrelated, text over it": unrelated_with_text,
    "unrelated, 2x2 collage": unrelated_collage,
}


def as_pixels(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(white, image).convert("RGB"))


def as_jpeg(picture: Picture) -> bytes:
    return to_jpeg(picture, quality=88)
