"""Selects the pictures to match: the folder's listings and edits of its designs."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import CommandError

from lab.benchmark.rows import Job
from lab.calibration.folder import EDITED_KINDS, DesignRow, LabelledFolder
from vision.edits.families import FAMILIES


def jobs(folder: LabelledFolder, options: dict[str, Any]) -> list[Job]:
    made = [Job(row.path, row.family, row.design_id, row.brand) for row in folder.listings]
    if options["edits"] or options["edits_of_all"]:
        made += edit_jobs(folder, of_all=options["edits_of_all"])
    wanted = set(filter(None, options["families"].split(",")))
    if wanted:
        made = [job for job in made if job.family in wanted]
    return limited(made, options["limit"])


def edit_jobs(folder: LabelledFolder, *, of_all: bool) -> Iterator[Job]:
    """Yields edits of the first view of each packaging and photo design. `of_all` adds the other kinds, in
    families named for them: edit-crop-60/logo.
    """
    behind = scenes(folder)
    first = {row.design_id: row for row in reversed(folder.designs)}.values()
    targeted = [row for row in first if row.kind in EDITED_KINDS]
    beside = [row for row in first if row.kind not in EDITED_KINDS] if of_all else []
    for designs in (targeted, beside):
        for number, row in enumerate(designs):
            for family in FAMILIES:
                name = family_of(family, row)
                yield Job(row.path, name, row.design_id, row.brand, behind[number % len(behind)])


def family_of(edit: str, design: DesignRow) -> str:
    return edit if design.kind in EDITED_KINDS else f"{edit}/{design.kind}"


def scenes(folder: LabelledFolder) -> Sequence[str]:
    """Returns the scenes for pasted designs. These are photographs: on a carton another registered brand can
    really be visible, and its alert would count as false.
    """
    found = [row.path for row in folder.listings if row.family == "unrelated-photo"]
    if not found:
        raise CommandError(
            "Edits need scenes: listings.csv has no listings of the family unrelated-photo."
        )
    return found


def limited(made: list[Job], limit: int | None) -> list[Job]:
    """Limits each family to jobs spread evenly over it, so that a quick run covers all of it."""
    if limit is None:
        return made
    families: dict[str, list[Job]] = {}
    for job in made:
        families.setdefault(job.family, []).append(job)
    return [job for found in families.values() for job in found[:: max(1, -(-len(found) // limit))]]
