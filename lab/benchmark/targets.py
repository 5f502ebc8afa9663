"""The project's targets for matching: one line for each target and how a run measures it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean

from lab.benchmark.families import by_family, clean, is_edit
from lab.benchmark.figures import false_alerts, measured_times, recall, wrong_brand
from lab.benchmark.rows import Row
from lab.benchmark.statistics import Share, percentile

# Least recall at similarity 85 for families whose designs have their own channels.
IN_LANES = {
    "turntable-15": 0.99,
    "turntable-30": 0.97,
    "turntable-45": 0.92,
    "logo-scene-40": 0.90,
    "logo-scene-20": 0.85,
    "logo-scene-20-angle": 0.85,
    "logo-scene-8": 0.85,
}
FALSE_IN_FAMILY = 0.01  # most false alerts for other designs, in each of these families


@dataclass(frozen=True)
class Figure:
    value: float
    detail: str = ""  # what was counted, or where the worst value is


type Measure = Callable[[Sequence[Row], float], Figure | None]


@dataclass(frozen=True)
class Target:
    name: str
    measure: Measure
    least: float | None = None
    most: float | None = None
    unit: str = "%"

    def met(self, figure: float) -> bool | None:
        """Returns None where the target has no bound."""
        if self.least is not None:
            return figure >= self.least
        return None if self.most is None else figure <= self.most

    @property
    def aim(self) -> str:
        if self.least is not None:
            return f"at least {shown(self.least, self.unit)}"
        return "" if self.most is None else f"at most {shown(self.most, self.unit)}"


@dataclass(frozen=True)
class Result:
    """One result as `--json` writes it; `met` is None for a value that was not measured or has no target."""

    target: str
    aim: str
    figure: float | None
    detail: str
    met: bool | None
    unit: str = "%"

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return "not measured"
        return "reported" if self.met is None else "met" if self.met else "MISSED"


def shown(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"
    return f"{value:.0f} {unit}".rstrip()


# --- figures ------------------------------------------------------------------------------------
def edit_recalls(rows: Sequence[Row], threshold: float) -> dict[str, float]:
    edits = by_family(row for row in rows if is_edit(row.family))
    found = {
        name: recall(of, threshold, lambda r: r.design_similarity) for name, of in edits.items()
    }
    return {name: share for name, share in found.items() if share is not None}


def worst_edit(rows: Sequence[Row], threshold: float) -> Figure | None:
    recalls = edit_recalls(rows, threshold)
    if not recalls:
        return None
    worst = min(recalls, key=lambda name: recalls[name])
    below = sum(share < EDIT_RECALL for share in recalls.values())
    return Figure(recalls[worst], f"{worst}; {below} of {len(recalls)} families below")


def mean_edit(rows: Sequence[Row], threshold: float) -> Figure | None:
    recalls = edit_recalls(rows, threshold)
    return Figure(mean(recalls.values()), f"{len(recalls)} families") if recalls else None


def share_of(families: Sequence[str], holds: Callable[[Row, float], bool]) -> Measure:
    def measured(rows: Sequence[Row], threshold: float) -> Figure | None:
        among = [row for row in rows if row.family in families]
        return as_figure(Share(sum(holds(row, threshold) for row in among), len(among)))

    return measured


def as_figure(share: Share) -> Figure | None:
    return Figure(share.value, f"{share.count} of {share.of}") if share.of else None


def p95(rows: Sequence[Row], _: float) -> Figure | None:
    times = measured_times(rows)
    return Figure(percentile(times, 0.95), f"{len(times)} listings") if times else None


def is_flagged(row: Row, _: float) -> bool:
    return row.flagged


def shows_design(row: Row, threshold: float) -> bool:
    return row.design_similarity >= threshold


def shows_brand(row: Row, threshold: float) -> bool:
    return row.brand_similarity >= threshold


def shows_other(row: Row, threshold: float) -> bool:
    return row.other_similarity >= threshold


def is_taken_for_same(row: Row, _: float) -> bool:
    return row.flagged and row.match_kind == "same_design"


# --- targets -------------------------------------------------------------------------------------
EDIT_RECALL = 0.95  # for every family

TARGETS = (
    Target("edits: right design, worst family", worst_edit, least=EDIT_RECALL),
    Target("edits: right design, mean of families", mean_edit, least=0.99),
    Target("shop-photo: right brand", share_of(["shop-photo"], shows_brand), least=0.92),
    Target(
        "false alerts: unrelated photo, produce, edits",
        lambda rows, threshold: as_figure(false_alerts(clean(rows), threshold)),
        most=0.001,
    ),
    Target(
        "unrelated photo and produce: flagged",
        share_of(["unrelated-photo", "unrelated-produce"], is_flagged),
        most=0,
    ),
    Target("unrelated-object: flagged", share_of(["unrelated-object"], is_flagged), most=0.02),
    Target("unrelated-mark: flagged", share_of(["unrelated-mark"], is_flagged), most=0.02),
    Target(
        "wrong brand: shop and sibling photos",
        lambda rows, _: as_figure(wrong_brand(rows)),
        most=0.01,
    ),
    Target(
        "sibling-photo: taken for the same design",
        share_of(["sibling-photo"], is_taken_for_same),
        most=0.05,
    ),
    *(
        Target(f"{family}: right design", share_of([family], shows_design), least=least)
        for family, least in IN_LANES.items()
    ),
    *(
        Target(f"{family}: false alerts", share_of([family], shows_other), most=FALSE_IN_FAMILY)
        for family in IN_LANES
    ),
    Target("time a picture, p95", p95, most=400, unit="ms"),
)


def results(rows: Sequence[Row], threshold: float) -> list[Result]:
    return [result(target, target.measure(rows, threshold)) for target in TARGETS]


def result(target: Target, figure: Figure | None) -> Result:
    if figure is None:
        return Result(target.name, target.aim, None, "", None, target.unit)
    return Result(
        target.name, target.aim, figure.value, figure.detail, target.met(figure.value), target.unit
    )
