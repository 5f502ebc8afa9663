"""What the benchmark measures for one listing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from lab.benchmark.recipe import Recipe

type Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Shown:
    """A registered product that a listing shows. Both are empty where it shows none; `design_id` alone is
    empty for another product of a registered brand.
    """

    design_id: str = ""
    brand: str = ""


NOTHING = Shown()


@dataclass(frozen=True)
class Job:
    """A listing to match: a picture of the folder, or one that `recipe` makes of the folder's pictures.

    `path` is that of the folder's picture, or names what was made of several. A picture that shows several
    products is matched once and gives a row for each.
    """

    path: str
    family: str
    shows: tuple[Shown, ...] = (NOTHING,)
    recipe: Recipe | None = None

    @property
    def brands(self) -> frozenset[str]:
        """Returns the brands whose matches are not false."""
        return frozenset(shown.brand for shown in self.shows)


@dataclass(frozen=True)
class Scores:
    """A method's best score for the right design, the right brand, and any other brand."""

    design: float = 0.0
    brand: float = 0.0
    other: float = 0.0


@dataclass(frozen=True)
class Comparison:
    """A listing compared with one registered view. `view` is the view's file name. `scores` and `figures`
    are by channel. The polygons, in normalised coordinates (0..1), are empty where no match was kept.
    `retrieved` are the channels whose search returned the view; of `Row.right`, any view of the design.
    """

    view: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    listing_polygon: Polygon = ()
    view_polygon: Polygon = ()
    retrieved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One listing, and one product that it shows, as `--json` writes it.

    `similarity` is that of the strongest match, 0 when none was kept (below 50). The `other_` fields are of
    the strongest match with any brand that the listing does not show. `best`, `other` and `right` compare
    with that match's view, with the other brand's, and with the best view of the design that is shown; they
    are None where there is none. `edit` is the edit that the match reports, where the strongest match is
    flagged and of the right design. `done` is the edit that was made, as lab.benchmark.explanations.Truth.
    `milliseconds` is None where it was not measured; rows of one picture repeat it. `refused` says why
    production refused the picture. `reused` says that the same pixels were matched before, so that no
    channel was asked.
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
    other_design: str = ""
    other_brand: str = ""
    other_channel: str = ""
    other_kind: str = ""
    design_similarity: float = 0.0
    brand_similarity: float = 0.0
    best: Comparison | None = None
    other: Comparison | None = None
    right: Comparison | None = None
    edit: dict[str, Any] = field(default_factory=dict)
    done: dict[str, Any] = field(default_factory=dict)
    milliseconds: float | None = None
    stages: dict[str, float] = field(default_factory=dict)
    peers: dict[str, Scores] = field(default_factory=dict)
    refused: str = ""
    reused: bool = False

    @classmethod
    def of(cls, job: Job, shown: Shown, **measured: Any) -> Self:
        return cls(job.path, job.family, shown.design_id, shown.brand, **measured)
