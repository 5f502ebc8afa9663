"""The edit families by which matching is calibrated and measured: one edit of each, of one picture.

Strengths are constants; what may vary (positions, directions, words) comes from the dice.
"""

import random
from collections.abc import Callable

from detection import edits
from fingerprints.images.decode import Picture

TEXTS = ("SPECIAL OFFER", "FREE DELIVERY", "100% ORIGINAL", "NEW -30%")
SCENE = (640, 480)  # width, height

type Edit = Callable[[Picture, Picture, random.Random], Picture | None]


def sign(dice: random.Random) -> int:
    return dice.choice((-1, 1))


def axis(dice: random.Random) -> str:
    return dice.choice(("vertical", "horizontal"))


def tilt(degrees: int) -> Edit:
    return lambda p, _, d: edits.tilt(p, degrees=sign(d) * degrees, axis=axis(d))


def paste(area: float) -> Edit:
    def made(picture: Picture, scene: Picture, dice: random.Random) -> Picture:
        wide = edits.resize(scene, width=SCENE[0], height=SCENE[1])
        return edits.paste(picture, wide, area=area, x=dice.random(), y=dice.random())

    return made


def crop(area: float) -> Edit:
    return lambda p, _, d: edits.crop(p, area=area, x=d.random(), y=d.random())


def collage(picture: Picture, scene: Picture, dice: random.Random) -> Picture:
    tiles = [picture, scene, edits.mirror(scene), edits.shift_hue(scene, degrees=120)]
    dice.shuffle(tiles)
    return edits.collage(tiles)


def text(picture: Picture, _: Picture, dice: random.Random) -> Picture:
    return edits.write_over(picture, text=dice.choice(TEXTS), y=dice.random())


def chain(*steps: Edit) -> Edit:
    def made(picture: Picture, scene: Picture, dice: random.Random) -> Picture | None:
        for step in steps:
            after = step(picture, scene, dice)
            if after is None:
                return None
            picture = after
        return picture

    return made


def fixed(edit: Callable[[Picture], Picture]) -> Edit:
    return lambda p, _, __: edit(p)


jpeg = fixed(lambda p: edits.recompress(p, quality=20))
hue_60 = fixed(lambda p: edits.shift_hue(p, degrees=60))
colours = fixed(lambda p: edits.adjust(p, saturation=1.6, brightness=0.75))
blur = fixed(lambda p: edits.blur(p, share=0.006))
border = fixed(lambda p: edits.border(p, share=0.08, colour=(20, 20, 20)))
mirror = fixed(edits.mirror)

FAMILIES: dict[str, Edit] = {
    "edit-jpeg-85": fixed(lambda p: edits.recompress(p, quality=85)),
    "edit-jpeg-20": jpeg,
    "edit-quarter": fixed(lambda p: edits.scale(p, share=0.25)),
    "edit-mirror": mirror,
    "edit-grey": fixed(edits.grey),
    "edit-hue-60": hue_60,
    "edit-hue-180": fixed(lambda p: edits.shift_hue(p, degrees=180)),
    "edit-colours": colours,
    "edit-inverted": fixed(edits.invert),
    "edit-blur": blur,
    "edit-crop-60": crop(0.60),
    "edit-crop-35": crop(0.35),
    "edit-text": text,
    "edit-rotate-10": lambda p, _, d: edits.rotate(p, degrees=10 * sign(d)),
    "edit-rotate-25": lambda p, _, d: edits.rotate(p, degrees=25 * sign(d)),
    "edit-rotate-90": lambda p, _, d: edits.rotate(p, degrees=90 * sign(d)),
    "edit-tilt-20": tilt(20),
    "edit-tilt-35": tilt(35),
    "edit-tilt-50": tilt(50),
    "edit-tilt-35-hue": chain(tilt(35), hue_60),
    "edit-paste-40": paste(0.40),
    "edit-paste-20": paste(0.20),
    "edit-paste-10": paste(0.10),
    "edit-collage": collage,
    "edit-ground": lambda p, scene, _: edits.on_another_ground(p, scene),
    "edit-border": border,
    "edit-screenshot": fixed(edits.screenshot),
    "edit-sharp-subject": fixed(edits.sharp_subject),
    "edit-chain-a": chain(mirror, hue_60, crop(0.60), text),
    "edit-chain-b": chain(tilt(20), colours, border, jpeg),
    "edit-chain-c": chain(
        lambda p, _, d: edits.rotate(p, degrees=10 * sign(d)), fixed(edits.grey), blur, paste(0.40)
    ),
}


def edit(family: str, picture: Picture, scene: Picture, seed: str) -> Picture | None:
    """The same seed gives the same edit; None where the picture does not allow it."""
    dice = random.Random(f"{family} {seed}")  # noqa: S311 - chooses positions, keeps no secret
    return FAMILIES[family](picture, scene, dice)


def edited(picture: Picture, scene: Picture, seed: str) -> dict[str, Picture]:
    """One of each family that this picture allows."""
    made = {family: edit(family, picture, scene, seed) for family in FAMILIES}
    return {family: one for family, one in made.items() if one is not None}
