"""Selects the pictures to match: the folder's listings, and those that the benchmark makes of the folder."""

import random
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import chain

from django.core.management.base import CommandError

from lab.benchmark.made.edits import edit_jobs
from lab.benchmark.made.long import long_jobs
from lab.benchmark.made.recoloured import recoloured_jobs
from lab.benchmark.made.shelf import shelf_jobs
from lab.benchmark.made.sources import scenes, spread
from lab.benchmark.made.views import views_jobs
from lab.benchmark.rows import Job, Shown
from lab.calibration.folder import LabelledFolder

MADE = (edit_jobs, recoloured_jobs, long_jobs, shelf_jobs, views_jobs)
NO_SCENES = (
    "No edits and no long pictures are made: listings.csv has no listings of the family "
    "unrelated-photo."
)


def jobs(
    folder: LabelledFolder, *, families: str = "", limit: int | None = None, made: bool = True
) -> list[Job]:
    """Returns the jobs in a fixed order that mixes the families, so that the first ones take as long as
    the last ones. `families` has names and patterns (edit-*), separated by commas; `made` adds what the
    benchmark makes. Raises CommandError.
    """
    found = list(all_jobs(folder, made=made))
    chosen = limited(named(found, families), limit)
    random.Random(0).shuffle(chosen)  # noqa: S311 - an order, no secret
    return chosen


def all_jobs(folder: LabelledFolder, *, made: bool) -> Iterator[Job]:
    """Yields listings first. A family that the folder lists is not made."""
    for row in folder.listings:
        yield Job(row.path, row.family, (Shown(row.design_id, row.brand),))
    if made:
        listed = {row.family for row in folder.listings}
        for job in chain.from_iterable(make(folder) for make in MADE):
            if job.family not in listed:
                yield job


def named(found: Sequence[Job], families: str) -> list[Job]:
    patterns = [pattern.strip() for pattern in families.split(",") if pattern.strip()]
    if not patterns:
        return list(found)
    known = dict.fromkeys(job.family for job in found)
    for pattern in patterns:
        if not any(fnmatchcase(family, pattern) for family in known):
            raise CommandError(f"No family is called {pattern}. There are: {', '.join(known)}.")
    return [job for job in found if any(fnmatchcase(job.family, one) for one in patterns)]


def limited(made: list[Job], limit: int | None) -> list[Job]:
    """Limits each family to jobs spread evenly over it, so that a quick run covers all of it."""
    if limit is None:
        return made
    families: dict[str, list[Job]] = {}
    for job in made:
        families.setdefault(job.family, []).append(job)
    return [job for found in families.values() for job in spread(found, limit)]


def left_out(folder: LabelledFolder) -> str:
    """Returns why some families cannot be made of this folder, or an empty string."""
    return "" if scenes(folder) else NO_SCENES
