"""How accurate the edit that a match names is, beside the one that was made.

Only what a picture can tell is judged: ground around a turned picture or a border may be named a
scene or not, and colours that are hardly there have no hue.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from lab.benchmark.families import is_edit
from lab.benchmark.rows import Row
from lab.benchmark.statistics import Share
from vision.channels.copy.explanation import SPEC
from vision.edits.families import Done
from vision.geometry.agreement import thumbnail
from vision.pictures.decode import Picture

# What the named value may be off by: degrees, or shares of an area.
TOLERANCES = {
    "mirrored": 0.0,
    "inverted": 0.0,
    "rotated": 5.0,
    "tilted": 10.0,
    "cropped": 0.10,
    "scene": 0.10,
    "hue": 15.0,
}
ROUND = {"rotated", "hue"}  # 180 and -180 are one

type Truth = dict[str, Any]
"""By the names of vision.channels.copy.explanation.Edit; False or None where nothing of the kind was
done, and left out where the picture cannot tell.
"""


def truth(done: Done, view: Picture) -> Truth:
    """`view` is the picture as it was registered."""
    known: Truth = {
        "mirrored": done.mirrored,
        "inverted": done.inverted,
        "rotated": done.rotated or None,
        "tilted": done.tilted or None,
        "cropped": done.cropped if done.cropped < 1 else None,
    }
    if done.in_scene and done.covers:
        known["scene"] = done.covers
    elif done.covers == 1:
        known["scene"] = None
    if not done.hue or colourful(view):
        known["hue"] = done.hue or None
    return known


def colourful(view: Picture) -> bool:
    """By the measure that vision.channels.copy.explanation has of it."""
    soft = cv2.GaussianBlur(thumbnail(view), (0, 0), 1.0)
    hsv = cv2.cvtColor(soft, cv2.COLOR_RGB2HSV_FULL)
    return bool(np.mean((hsv[..., 1] > SPEC.vivid) & (hsv[..., 2] > SPEC.vivid)) >= SPEC.few)


def accuracies(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """By aspect, over the edits that were flagged with the right design."""
    named = [row for row in rows if row.edit and row.done and is_edit(row.family)]
    return {aspect: accuracy(aspect, named) for aspect in TOLERANCES}


def accuracy(aspect: str, rows: Sequence[Row]) -> dict[str, Any]:
    """`judged` are those to which it was done, `untouched` those to which it was not; `within`
    is None where there is nothing to judge.
    """
    pairs = [(row.edit.get(aspect), row.done[aspect]) for row in rows if aspect in row.done]
    judged = [(named, done) for named, done in pairs if done]
    untouched = [named for named, done in pairs if not done]
    right = Share(sum(is_right(aspect, *pair) for pair in judged), len(judged))
    return {
        "tolerance": TOLERANCES[aspect],
        "judged": right.of,
        "within": right.value if judged else None,
        "untouched": len(untouched),
        "falsely_named": sum(bool(named) for named in untouched),
    }


def is_right(aspect: str, named: float | None, done: float) -> bool:
    """What is not named is wrong, however little was done."""
    if not named:
        return False
    off = abs(named - done)
    if aspect in ROUND:
        off = min(off % 360, -off % 360)
    return round(off, 6) <= TOLERANCES[aspect]
