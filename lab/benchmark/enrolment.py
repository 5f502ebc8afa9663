"""Enrols what listings are matched against: the folder's designs, and distractors."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management.base import CommandError

from accounts.models import Organisation
from brandguard.kernel.errors import DomainError
from fingerprints.actions.enrol import enrol_design
from fingerprints.actions.register import add_views, register_design
from fingerprints.models import Brand, Design, DesignImage
from lab.benchmark.made.views import ADDED, photographs
from lab.benchmark.measure import Setting, matcher_of
from lab.calibration.folder import LabelledFolder
from vision.pictures.folder import pictures_below
from vision.pictures.formats import SUFFIXES


@dataclass(frozen=True)
class Registration:
    name: str
    brand: str
    kind: str
    views: tuple[Path, ...]


def registrations(folder: LabelledFolder) -> list[Registration]:
    designs: dict[tuple[str, str, str], list[Path]] = {}
    for row in folder.designs:
        designs.setdefault((row.design_id, row.brand, row.kind), []).append(folder.root / row.path)
    return [Registration(*named, tuple(views)) for named, views in designs.items()]


def further_views(folder: LabelledFolder) -> list[Registration]:
    """Returns the photographs that become views of the folder's designs, after everything else."""
    kinds = {row.design_id: row.kind for row in folder.designs}
    return [
        Registration(
            design,
            rows[0].brand,
            kinds[design],
            tuple(folder.root / row.path for row in rows[:ADDED]),
        )
        for design, rows in photographs(folder).items()
        if design in kinds
    ]


def distractors(folder: Path, limit: int | None) -> list[Registration]:
    """Returns every picture below `folder`, sorted by path, each as a brand of its own."""
    if not folder.is_dir():
        raise CommandError(
            f"{folder} is not a folder: name one with pictures to enrol as distractors."
        )
    found = pictures_below(folder)
    if not found:
        raise CommandError(
            f"{folder} has no pictures of these types: {', '.join(sorted(SUFFIXES))}."
        )
    return [
        Registration(f"distractor {number}", f"distractor {number}", "photo", (path,))
        for number, path in enumerate(islice(found, limit))
    ]


def enrol(setting: Setting, owner: Organisation, one: Registration) -> str | None:
    """Runs in each process. Returns why a design or one of its views was refused, which counts as missed."""
    files = [ContentFile(path.read_bytes(), path.name) for path in one.views]
    brand, _ = Brand.objects.get_or_create(organisation=owner, name=one.brand)
    try:
        design = register_design(
            brand=brand,
            name=one.name,
            design_kind=one.kind,
            files=files,
            by=owner.memberships.get().user,
        )
    except DomainError as error:
        return f"{one.name}: {error}"
    return enrolled_or_refused(setting, design)


def add(setting: Setting, owner: Organisation, one: Registration) -> str | None:
    """Adds further views to a design that was enrolled. Runs in each process; returns as `enrol` does."""
    design = Design.objects.filter(brand__name=one.brand, name=one.name).first()
    if design is None:
        return f"{one.name}: it was refused before."
    files = [ContentFile(path.read_bytes(), path.name) for path in one.views]
    add_views(design=design, files=files, by=owner.memberships.get().user)
    return enrolled_or_refused(setting, design)


def enrolled_or_refused(setting: Setting, design: Design) -> str | None:
    matcher = matcher_of(setting)
    enrol_design(design=design, encoder=matcher.encoder, channels=matcher.channels)
    refused = design.images.filter(state=DesignImage.State.REFUSED)
    reasons = [f"{image.name}: {image.error['message']}" for image in refused if image.error]
    return f"{design.name}: {' '.join(reasons)}" if reasons else None
