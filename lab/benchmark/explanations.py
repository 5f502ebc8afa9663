"""Compares the edit that a match reports with the edit that was made.

Only what a picture can show is judged: the ground around a rotated picture or a border may or may not be
reported as a scene, and nearly grey colours have no hue.
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
from vision.pictures.picture import Picture

# Tolerances of the reported values: degrees, or shares of an area.
TOLERANCES = {
    "mirrored": 0.0,
    "inverted": 0.0,
    "rotated": 5.0,
    "tilted": 10.0,
    "cropped": 0.10,
    "scene": 0.10,
    "hue": 15.0,
}
ROUND = {"rotated", "hue"}  # 180 and -180 are the same angle

type Truth = dict[str, Any]
"""The edit by the field names of vision.channels.channel.Edit: False or None where that was not done,
missing where the picture cannot show it.
"""


def truth(done: Done, view: Picture) -> Truth:
    """Returns the edit that was made. `view` is the registered picture."""
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
    """Whether vision.channels.copy.explanation can measure a hue in this picture."""
    soft = cv2.GaussianBlur(thumbnail(view), (0, 0), 1.0)
    hsv = cv2.cvtColor(soft, cv2.COLOR_RGB2HSV_FULL)
    return bool(np.mean((hsv[..., 1] > SPEC.vivid) & (hsv[..., 2] > SPEC.vivid)) >= SPEC.few)


def accuracies(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Returns the accuracy of each aspect, over the edits that were flagged with the right design."""
    named = [row for row in rows if row.edit and row.done and is_edit(row.family)]
    return {aspect: accuracy(aspect, named) for aspect in TOLERANCES}


def accuracy(aspect: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Counts the edits: `judged` had this done to them, `untouched` had not. `within` is None where nothing
    is judged.
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
    """Whether the value is within tolerance. A missing value is wrong, however small the edit."""
    if not named:
        return False
    off = abs(named - done)
    if aspect in ROUND:
        off = min(off % 360, -off % 360)
    return round(off, 6) <= TOLERANCES[aspect]
