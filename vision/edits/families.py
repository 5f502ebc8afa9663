"""The edit families for calibration and measurement: each makes one edit of a picture and says what it did.

Strengths are constants. Positions, directions and words come from a seeded random generator.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2

from vision.edits import transforms as edits
from vision.pictures.picture import Picture

TEXTS = ("SPECIAL OFFER", "FREE DELIVERY", "100% ORIGINAL", "NEW -30%")
SCENE = (640, 480)  # width, height


@dataclass(frozen=True)
class Done:
    """What an edit did to the design's picture, in the signs and units of vision.channels.channel.Edit. The
    defaults describe an unchanged picture.

    `cropped` is the share of its area that is left and `covers` the share of the listing's area that it
    takes; None where that is not computed. `in_scene` says that it was put among other pictures; the ground
    around a rotated picture, a border and a shop's page do not count.
    """

    mirrored: bool = False
    inverted: bool = False
    rotated: float = 0.0
    tilted: float = 0.0
    cropped: float = 1.0
    covers: float | None = 1.0
    in_scene: bool = False
    hue: float = 0.0

    def then(self, after: "Done") -> "Done":
        return Done(
            mirrored=self.mirrored != after.mirrored,
            inverted=self.inverted != after.inverted,
            rotated=(-self.rotated if after.mirrored else self.rotated) + after.rotated,
            tilted=max(self.tilted, after.tilted),
            cropped=self.cropped * after.cropped,
            covers=self.covers and after.covers and self.covers * after.covers,
            in_scene=self.in_scene or after.in_scene,
            hue=self.hue + after.hue,
        )


NOTHING = Done()


class Made(NamedTuple):
    picture: Picture
    done: Done


type Edit = Callable[[Picture, Picture, random.Random], Made | None]


def sign(dice: random.Random) -> int:
    return dice.choice((-1, 1))


def axis(dice: random.Random) -> str:
    return dice.choice(("vertical", "horizontal"))


def fixed(edit: Callable[[Picture], Picture], done: Done = NOTHING) -> Edit:
    return lambda p, _, __: Made(edit(p), done)


def framed(picture: Picture, after: Picture, done: Done = NOTHING) -> Made:
    """Returns the picture at its own size within a frame."""
    return Made(after, replace(done, covers=picture.size / after.size))


def rotate(degrees: int) -> Edit:
    def made(picture: Picture, _: Picture, dice: random.Random) -> Made:
        turn = degrees * sign(dice)
        return framed(picture, edits.rotate(picture, degrees=turn), Done(rotated=turn))

    return made


def tilt(degrees: int) -> Edit:
    done = Done(tilted=degrees, covers=None)
    return lambda p, _, d: Made(edits.tilt(p, degrees=sign(d) * degrees, axis=axis(d)), done)


def paste(area: float) -> Edit:
    def made(picture: Picture, scene: Picture, dice: random.Random) -> Made:
        wide = edits.resize(scene, width=SCENE[0], height=SCENE[1])
        return Made(
            edits.paste(picture, wide, area=area, x=dice.random(), y=dice.random()),
            Done(covers=min(area, most(picture, *SCENE)), in_scene=True),
        )

    return made


def most(picture: Picture, width: int, height: int) -> float:
    """Returns the largest share of a frame that the whole picture can take."""
    ratio: float = picture.shape[1] * height / (picture.shape[0] * width)
    return min(ratio, 1 / ratio)


def crop(area: float) -> Edit:
    done = Done(cropped=area)
    return lambda p, _, d: Made(edits.crop(p, area=area, x=d.random(), y=d.random()), done)


def hue(degrees: int) -> Edit:
    return fixed(lambda p: edits.shift_hue(p, degrees=degrees), Done(hue=degrees))


def collage(picture: Picture, scene: Picture, dice: random.Random) -> Made:
    tiles = [picture, scene, edits.mirror(scene), edits.shift_hue(scene, degrees=120)]
    dice.shuffle(tiles)
    done = Done(covers=most(picture, 1, 1) / len(tiles), in_scene=True)
    return Made(edits.collage(tiles), done)


def text(picture: Picture, _: Picture, dice: random.Random) -> Made:
    return Made(edits.write_over(picture, text=dice.choice(TEXTS), y=dice.random()), NOTHING)


def ground(picture: Picture, scene: Picture, _: random.Random) -> Made | None:
    """Replaces the ground. The rectangle around the object is what is left of the picture."""
    made, thing = edits.on_another_ground(picture, scene), edits.thing_on_plain_ground(picture)
    if made is None or thing is None:
        return None
    width, height = cv2.boundingRect(thing)[2:]
    left = width * height / thing.size
    return Made(made, Done(cropped=left, covers=left, in_scene=True))


def border(picture: Picture, _: Picture, __: random.Random) -> Made:
    return framed(picture, edits.border(picture, share=0.08, colour=(20, 20, 20)))


def screenshot(picture: Picture, _: Picture, __: random.Random) -> Made:
    return framed(picture, edits.screenshot(picture))


def chain(*steps: Edit) -> Edit:
    def made(picture: Picture, scene: Picture, dice: random.Random) -> Made | None:
        done = NOTHING
        for step in steps:
            after = step(picture, scene, dice)
            if after is None:
                return None
            picture, done = after.picture, done.then(after.done)
        return Made(picture, done)

    return made


jpeg = fixed(lambda p: edits.recompress(p, quality=20))
grey = fixed(edits.grey)
colours = fixed(lambda p: edits.adjust(p, saturation=1.6, brightness=0.75))
blur = fixed(lambda p: edits.blur(p, share=0.006))
mirror = fixed(edits.mirror, Done(mirrored=True))

FAMILIES: dict[str, Edit] = {
    "edit-jpeg-85": fixed(lambda p: edits.recompress(p, quality=85)),
    "edit-jpeg-20": jpeg,
    "edit-quarter": fixed(lambda p: edits.scale(p, share=0.25)),
    "edit-mirror": mirror,
    "edit-grey": grey,
    "edit-hue-60": hue(60),
    "edit-hue-180": hue(180),
    "edit-colours": colours,
    "edit-inverted": fixed(edits.invert, Done(inverted=True)),
    "edit-blur": blur,
    "edit-crop-60": crop(0.60),
    "edit-crop-35": crop(0.35),
    "edit-text": text,
    "edit-rotate-10": rotate(10),
    "edit-rotate-25": rotate(25),
    "edit-rotate-90": rotate(90),
    "edit-tilt-20": tilt(20),
    "edit-tilt-35": tilt(35),
    "edit-tilt-50": tilt(50),
    "edit-tilt-35-hue": chain(tilt(35), hue(60)),
    "edit-paste-40": paste(0.40),
    "edit-paste-20": paste(0.20),
    "edit-paste-10": paste(0.10),
    "edit-collage": collage,
    "edit-ground": ground,
    "edit-border": border,
    "edit-screenshot": screenshot,
    "edit-sharp-subject": fixed(edits.sharp_subject),
    "edit-chain-a": chain(mirror, hue(60), crop(0.60), text),
    "edit-chain-b": chain(tilt(20), colours, border, jpeg),
    "edit-chain-c": chain(rotate(10), grey, blur, paste(0.40)),
}


def edit(family: str, picture: Picture, scene: Picture, seed: str) -> Made | None:
    """Returns one edit, the same for the same seed; None where the picture does not allow it."""
    dice = random.Random(f"{family} {seed}")  # noqa: S311 - chooses positions, keeps no secret
    return FAMILIES[family](picture, scene, dice)


def edited(picture: Picture, scene: Picture, seed: str) -> dict[str, Picture]:
    """Returns one edit of each family that this picture allows."""
    made = {family: edit(family, picture, scene, seed) for family in FAMILIES}
    return {family: one.picture for family, one in made.items() if one is not None}
