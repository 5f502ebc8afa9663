"""Makes listings by editing the folder's designs, as sellers do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lab.benchmark.explanations import truth
from lab.benchmark.made.files import as_png
from lab.benchmark.made.sources import first_views, scenes, spread
from lab.benchmark.recipe import Made, Read
from lab.benchmark.rows import Job, Shown
from lab.calibration.folder import EDITED_KINDS, DesignRow, LabelledFolder
from vision.edits.families import FAMILIES, edit

MAX_BESIDE = 12  # designs of each other kind; their edits count for no target


@dataclass(frozen=True)
class Edited:
    """An edit of the design's picture at `path`; `scene` is the picture behind it, where one is needed."""

    family: str
    path: str
    scene: str

    def make(self, read: Read) -> Made | None:
        view = read(self.path)
        made = edit(self.family, view, read(self.scene), self.path)
        return None if made is None else Made(as_png(made.picture), truth(made.done, view))


def edit_jobs(folder: LabelledFolder) -> Iterator[Job]:
    """Yields edits of the first view of each packaging and photo design, and of some designs of other kinds
    in families named for them: edit-crop-60/logo.
    """
    behind = scenes(folder)
    for designs in groups(folder) if behind else ():
        for number, row in enumerate(designs):
            for family in FAMILIES:
                scene = behind[number % len(behind)]
                recipe = Edited(family, row.path, scene)
                yield Job(row.path, named(family, row), (Shown(row.design_id, row.brand),), recipe)


def groups(folder: LabelledFolder) -> Iterator[Sequence[DesignRow]]:
    views = first_views(folder)
    yield [row for row in views if row.kind in EDITED_KINDS]
    for kind in sorted({row.kind for row in views} - EDITED_KINDS):
        yield spread([row for row in views if row.kind == kind], MAX_BESIDE)


def named(edit: str, design: DesignRow) -> str:
    return edit if design.kind in EDITED_KINDS else f"{edit}/{design.kind}"
