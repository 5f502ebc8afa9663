"""What the benchmark measures for one listing."""

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Job:
    """A listing to match: a picture of the folder, or an edit of a design's picture."""

    path: str
    family: str
    design_id: str
    brand: str
    scene: str = ""  # of an edit: the picture behind the design, where one is needed

    @property
    def edit(self) -> str:
        """Returns the name in vision.edits.families: edit-crop-60 for edit-crop-60/logo."""
        return self.family.partition("/")[0]


@dataclass(frozen=True)
class Scores:
    """A method's best score for the right design, the right brand, and any other brand."""

    design: float = 0.0
    brand: float = 0.0
    other: float = 0.0


@dataclass(frozen=True)
class Row:
    """One listing as `--json` writes it. `similarity` is that of the strongest match, 0 when none was kept
    (below 50). `milliseconds` is None where it was not measured. `edit` is the edit that the match reports,
    where the strongest match is flagged and of the right design. `done` is the edit that was made, as
    lab.benchmark.explanations.Truth.
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
