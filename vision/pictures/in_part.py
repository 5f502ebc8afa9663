"""Warnings about the parts of a picture that were not matched."""

from collections.abc import Iterable, Iterator

from brandguard.kernel.messages import gettext_noop
from vision.pictures.errors import ImageError
from vision.pictures.frames import Frames
from vision.pictures.parts import Part
from vision.pictures.renditions import Renditions

DAMAGED: ImageError = {
    "code": "damaged",
    "message": gettext_noop(
        "The file is damaged: only what can still be seen of it was looked at."
    ),
    "remedy": gettext_noop("Send the whole file again."),
}


def not_looked_at(renditions: Renditions, parts: Iterable[Part] = ()) -> Iterator[ImageError]:
    """`parts` are those of long pictures that were looked at."""
    if renditions.first.is_damaged:
        yield DAMAGED
    if not renditions.frames.is_complete:
        yield left_out(renditions.frames)
    fullest = max(parts, key=lambda part: part.left_out, default=None)
    if fullest and fullest.left_out:
        yield parts_left_out(fullest)


def parts_left_out(part: Part) -> ImageError:
    message = f"The picture is long, and {part.of - part.left_out} of its {part.of} parts were looked at, "
    return {
        "code": "parts_left_out",
        "message": message + "those with the most detail.",
        "remedy": "Send it in several pictures.",
    }


def left_out(frames: Frames) -> ImageError:
    chosen = len(frames.chosen)
    message = f"Of {frames.distinct} pictures in this file that differ, {chosen} were looked at"
    message += f", which are shown for {frames.share:.0%} of the time."
    if frames.is_cut:
        message += " Further ones were not read."
    return {
        "code": "frames_left_out",
        "message": message,
        "remedy": "Send those that matter as pictures of their own.",
    }
