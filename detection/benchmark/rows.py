"""What the benchmark measures of one listing."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Job:
    """A listing to match: a picture of the folder, or the edit of a design's."""

    path: str
    family: str
    design_id: str
    brand: str
    scene: str = ""  # of an edit: the picture that stands behind where one is needed


@dataclass(frozen=True)
class Scores:
    """A method's best for the right design, the right brand, and any other brand."""

    design: float = 0.0
    brand: float = 0.0
    other: float = 0.0


@dataclass(frozen=True)
class Row:
    """As `--json` writes it; `similarity` is the strongest match's, 0 when none was kept (50)."""

    path: str
    family: str
    design_id: str
    brand: str
    best_design: str
    best_brand: str
    similarity: float
    match_kind: str
    flagged: bool
    other_similarity: float
    design_similarity: float
    brand_similarity: float
    milliseconds: float
    stages: dict[str, float] = field(default_factory=dict)
    peers: dict[str, Scores] = field(default_factory=dict)
