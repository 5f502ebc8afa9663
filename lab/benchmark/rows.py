"""What the benchmark measures of one listing."""

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Job:
    """A listing to match: a picture of the folder, or the edit of a design's."""

    path: str
    family: str
    design_id: str
    brand: str
    scene: str = ""  # of an edit: the picture that stands behind where one is needed

    @property
    def edit(self) -> str:
        """Its name in vision.edits.families: edit-crop-60 of edit-crop-60/logo."""
        return self.family.partition("/")[0]


@dataclass(frozen=True)
class Scores:
    """A method's best for the right design, the right brand, and any other brand."""

    design: float = 0.0
    brand: float = 0.0
    other: float = 0.0


@dataclass(frozen=True)
class Row:
    """As `--json` writes it; `similarity` is the strongest match's, 0 when none was kept (50);
    `milliseconds` is None where it was not measured. `edit` is what the match names, where the
    strongest is flagged and of the right design; `done` is what was done, of an edit, as
    lab.benchmark.explanations.Truth has it.
    """

    path: str
    family: str
    design_id: str
    brand: str
    best_design: str = ""
    best_brand: str = ""
    similarity: float = 0.0
    match_kind: str = ""
    channel: str = ""
    flagged: bool = False
    other_similarity: float = 0.0
    design_similarity: float = 0.0
    brand_similarity: float = 0.0
    edit: dict[str, Any] = field(default_factory=dict)
    done: dict[str, Any] = field(default_factory=dict)
    milliseconds: float | None = None
    stages: dict[str, float] = field(default_factory=dict)
    peers: dict[str, Scores] = field(default_factory=dict)

    @classmethod
    def of(cls, job: Job, **measured: Any) -> Self:
        return cls(job.path, job.family, job.design_id, job.brand, **measured)
