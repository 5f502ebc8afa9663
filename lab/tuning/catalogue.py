"""A customer's designs and our edits of them, as vectors."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from brandguard.kernel.errors import DomainError
from vision.edits.families import edited
from vision.encoders.base import Encoder, Vectors
from vision.pictures.decode import UnreadableImage, decode
from vision.pictures.folder import pictures_below
from vision.pictures.picture import Picture
from vision.pictures.resize import fit

FEWEST = 20  # designs; with fewer a held-back part shows nothing
HELD_BACK = 0.3  # share of the designs that only the comparison uses


class CannotTune(DomainError):
    code = "cannot_tune"


@dataclass(frozen=True)
class Examples:
    """`designs float32[n, dimension]`; `edits float32[m, dimension]`. `of int[m]` is the design of each edit
    and `families` its edit family.
    """

    designs: Vectors
    edits: Vectors
    of: NDArray[np.int64]
    families: tuple[str, ...]

    def part(self, chosen: NDArray[np.int64]) -> "Examples":
        """Returns the examples of these designs only."""
        kept = np.isin(self.of, chosen)
        place = {int(design): number for number, design in enumerate(chosen)}
        return Examples(
            self.designs[chosen],
            self.edits[kept],
            np.array([place[int(design)] for design in self.of[kept]], np.int64),
            tuple(family for family, keep in zip(self.families, kept, strict=True) if keep),
        )


def split(examples: Examples, seed: int) -> tuple[Examples, Examples]:
    """Returns one part to train on and one held back."""
    order = np.random.default_rng(seed).permutation(len(examples.designs))
    held = max(FEWEST // 4, int(HELD_BACK * len(order)))
    return examples.part(np.sort(order[held:])), examples.part(np.sort(order[:held]))


def read_designs(folder: Path) -> list[Picture]:
    """Reads the folder; every picture below it is a design. Raises CannotTune."""
    if not folder.is_dir():
        raise CannotTune(
            f"{folder} is not a folder.",
            remedy="Name one with a picture of each design.",
            field="folder",
        )
    found = []
    for path in pictures_below(folder):
        try:
            found.append(fit(decode(path.read_bytes()).pixels))
        except UnreadableImage:
            continue
    if len(found) < FEWEST:
        raise CannotTune(
            f"{folder} has {len(found)} readable pictures.",
            remedy=f"Tuning needs {FEWEST} designs or more, one picture each.",
            field="folder",
        )
    return found


def examples(
    designs: Sequence[Picture], encoder: Encoder, seed: int, progress: Callable[[int, int], None]
) -> Examples:
    """Edits each design in every way that sellers do; the scenes behind are other designs."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    originals, made, of, families = [], [], [], []
    for number, picture in enumerate(designs):
        scene = designs[(number + dice.randrange(1, len(designs))) % len(designs)]
        edits = edited(picture, scene, f"{seed} {number}")
        originals.append(encoder.embed([picture])[0])
        made.append(encoder.embed(list(edits.values())))
        of += [number] * len(edits)
        families += list(edits)
        progress(number + 1, len(designs))
    return Examples(
        np.stack(originals), np.concatenate(made), np.array(of, np.int64), tuple(families)
    )
