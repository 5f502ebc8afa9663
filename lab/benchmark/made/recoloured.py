"""Makes recoloured listings: the folder's turntable pictures and unrelated objects in other colours."""

from collections.abc import Iterator
from dataclasses import dataclass

from lab.benchmark.made.files import as_png
from lab.benchmark.recipe import Made, Read
from lab.benchmark.rows import Job, Shown
from lab.calibration.folder import LabelledFolder
from vision.edits.recolours import RECOLOURS

COLOURS = RECOLOURS
TURNTABLES = ("turntable-15", "turntable-30", "turntable-45")
RECOLOURED = (*TURNTABLES, "unrelated-object")


@dataclass(frozen=True)
class Recoloured:
    path: str
    colour: str

    def make(self, read: Read) -> Made:
        return Made(as_png(COLOURS[self.colour](read(self.path))))


def recoloured_jobs(folder: LabelledFolder) -> Iterator[Job]:
    for row in folder.listings:
        if row.family in RECOLOURED:
            for colour in COLOURS:
                yield Job(
                    row.path,
                    f"{row.family}-{colour}",
                    (Shown(row.design_id, row.brand),),
                    Recoloured(row.path, colour),
                )
