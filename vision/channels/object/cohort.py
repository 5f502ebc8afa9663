"""The normalisation cohort of objects: how near other objects come to a view by chance.

A tin is nearer to every other tin than a car is to any. So a cosine counts only beyond what the nearest
objects of a fixed set reach with the same view. They are registered nowhere and belong to the calibration.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from vision.channels.background import in_bytes, mean_of_nearest
from vision.channels.calibration import calibration_path
from vision.configuration import configuration
from vision.encoders.base import Vectors
from vision.encoders.catalogue import spec_of


@dataclass(frozen=True)
class Cohort:
    """`likeness float32[n, a]` are vectors of copy detection, `things float32[n, b]` of the object
    encoder, whose generation is `generation`.
    """

    likeness: Vectors
    things: Vectors
    generation: str = ""

    def save(self, path: Path) -> None:
        """Stores one byte a coordinate in NumPy's open format."""
        (likeness, first), (things, second) = in_bytes(self.likeness), in_bytes(self.things)
        steps = np.array([first, second], np.float32)
        with path.open("wb") as file:
            np.savez(
                file,
                likeness=likeness,
                things=things,
                steps=steps,
                generation=np.array(self.generation),
            )

    @classmethod
    def load(cls, path: Path) -> "Cohort":
        with np.load(path, allow_pickle=False) as stored:
            first, second = stored["steps"]
            return cls(
                stored["likeness"].astype(np.float32) * first,
                stored["things"].astype(np.float32) * second,
                str(stored["generation"]),
            )


NOBODY = Cohort(np.empty((0, 1), np.float32), np.empty((0, 1), np.float32))


def nearest(cohort: Vectors, view: Vectors) -> float:
    """Returns the mean cosine of the nearest pictures with any of the view's vectors; 0 without pictures."""
    if not len(cohort):
        return 0.0
    return mean_of_nearest((cohort @ view.T).max(axis=1))


def cohort_path() -> Path:
    """Returns the file of the configured copy encoder's calibration."""
    path = calibration_path(spec_of(configuration().encoder))
    return path.with_name(f"{path.stem}-objects.npz")


@lru_cache
def load_cohort(path: Path, generation: str) -> Cohort:
    """Returns NOBODY where no file exists, or only one of another object encoder."""
    found = Cohort.load(path) if path.exists() else NOBODY
    return found if found.generation == generation else NOBODY
