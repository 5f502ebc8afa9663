"""The project's targets for matching: one line for each target and how a run measures it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean

from lab.benchmark.families import LONG, SHELVES, WITH_VIEWS, by_family, clean, is_edit, is_single
from lab.benchmark.figures import false_alerts, found, measured_times, wrong_brand
from lab.benchmark.made.long import RATIOS
from lab.benchmark.made.recoloured import COLOURS, TURNTABLES
from lab.benchmark.made.views import CARTON, SHOP
from lab.benchmark.rows import Row
from lab.benchmark.statistics import Share, mean_interval, percentile, percentile_interval

type Interval = tuple[float, float]


@dataclass(frozen=True)
class Figure:
    value: float
    detail: str = ""  # what was counted, or where the worst value is
    interval: Interval | None = None  # of 95%


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
    """One result as `--json` writes it; `met` is None for a value that was not measured or has no bound."""

    target: str
    aim: str
    figure: float | None
    detail: str
    met: bool | None
    unit: str = "%"
    interval: Interval | None = None

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return "not measured"
        return "reported" if self.met is None else "met" if self.met else "MISSED"

    @property
    def value(self) -> str:
        return "-" if self.figure is None else shown(self.figure, self.unit)

    @property
    def between(self) -> str:
        """Returns the 95% interval as text."""
        return "-".join(shown(end, self.unit) for end in self.interval) if self.interval else ""


def shown(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"
    return f"{value:.0f} {unit}".rstrip()


# --- figures ------------------------------------------------------------------------------------
def recalls(
    rows: Sequence[Row], threshold: float, chosen: Callable[[str], bool]
) -> dict[str, Share]:
    """Returns the recall of the right design for each family that is chosen by name."""
    among = by_family(row for row in rows if row.design_id and chosen(row.family))
    return {name: found(of, threshold) for name, of in among.items()}


def worst_edit(rows: Sequence[Row], threshold: float) -> Figure | None:
    measured = recalls(rows, threshold, is_edit)
    if not measured:
        return None
    worst = min(measured, key=lambda name: measured[name].value)
    below = sum(share.value < EDIT_RECALL for share in measured.values())
    detail = f"{worst}; {below} of {len(measured)} families below"
    return Figure(measured[worst].value, detail, measured[worst].interval)


def mean_recall(chosen: Callable[[str], bool]) -> Measure:
    def measured(rows: Sequence[Row], threshold: float) -> Figure | None:
        shares = list(recalls(rows, threshold, chosen).values())
        if not shares:
            return None
        value = mean(share.value for share in shares)
        return Figure(value, f"families: {len(shares)}", mean_interval(shares))

    return measured


def share_of(families: Sequence[str], holds: Callable[[Row, float], bool]) -> Measure:
    def measured(rows: Sequence[Row], threshold: float) -> Figure | None:
        among = [row for row in rows if row.family in families]
        return as_figure(Share(sum(holds(row, threshold) for row in among), len(among)))

    return measured


def as_figure(share: Share) -> Figure | None:
    if not share.of:
        return None
    return Figure(share.value, f"{share.count} of {share.of}", share.interval)


def p95(chosen: Callable[[str], bool]) -> Measure:
    def measured(rows: Sequence[Row], _: float) -> Figure | None:
        times = measured_times([row for row in rows if chosen(row.family)])
        if not times:
            return None
        interval = percentile_interval(times, 0.95)
        return Figure(percentile(times, 0.95), f"of {len(times)}", interval)

    return measured


def is_flagged(row: Row, _: float) -> bool:
    return row.flagged


def shows_design(row: Row, threshold: float) -> bool:
    return row.design_similarity >= threshold


def shows_brand(row: Row, threshold: float) -> bool:
    return row.brand_similarity >= threshold


def shows_other(row: Row, threshold: float) -> bool:
    return row.other_similarity >= threshold


def with_one_view(rows: Sequence[Row], threshold: float) -> Figure | None:
    """Returns the recall, with one view, of the shop photographs that are matched with more views."""
    again = {row.path for row in rows if row.family == SHOP + WITH_VIEWS}
    among = [row for row in rows if row.family == SHOP and row.path in again]
    return as_figure(Share(sum(shows_brand(row, threshold) for row in among), len(among)))


def more_flagged(rows: Sequence[Row], _: float) -> Figure | None:
    """Returns by how much more of the cartons of other brands are flagged with more views than with one."""
    flagged: dict[str, dict[str, bool]] = {family: {} for family in (CARTON, CARTON + WITH_VIEWS)}
    for row in rows:
        if row.family in flagged:
            flagged[row.family][row.path] = row.flagged
    before, after = flagged.values()
    both = before.keys() & after.keys()
    if not both:
        return None
    one, more = (sum(of[path] for path in both) for of in (before, after))
    detail = f"{more} of {len(both)} in place of {one}"
    return Figure((more - one) / len(both), detail)


def is_taken_for_same(row: Row, _: float) -> bool:
    return row.flagged and row.match_kind == "same_design"


# --- targets -------------------------------------------------------------------------------------
EDIT_RECALL = 0.97  # for every family
TURNED = dict(zip(TURNTABLES, (0.99, 0.97, 0.95), strict=True))
RECOLOURED = {"hue-60": 0.95, "hue-180": 0.90, "grey": 0.95, "warm": 0.95}
LOGO_SCENES = ("logo-scene-40", "logo-scene-20", "logo-scene-20-angle", "logo-scene-8")
LOGO_RECALL = 0.88  # in each kind of scene
LONG_RECALL = 0.98  # at each ratio
RECOLOURED_OBJECTS = [f"unrelated-object-{colour}" for colour in COLOURS]
FEW_PRODUCTS = ["shelf-2", "shelf-3", "shelf-4"]
WHOLE_SHELF = ["shelf-12", "shelf-24"]


def designs_in(name: str, families: Sequence[str], least: float | None) -> Target:
    return Target(f"{name}: right design", share_of(families, shows_design), least=least)


def flagged_in(name: str, families: Sequence[str], most: float) -> Target:
    return Target(f"{name}: flagged", share_of(families, is_flagged), most=most)


TARGETS = (
    Target("edits: right design, mean of families", mean_recall(is_edit), least=0.995),
    Target("edits: right design, worst family", worst_edit, least=EDIT_RECALL),
    Target("shop-photo: right brand", share_of([SHOP], shows_brand), least=0.923),
    Target(
        "the same with three photographs added",
        share_of([SHOP + WITH_VIEWS], shows_brand),
        least=0.96,
    ),
    Target("of these listings with one view", with_one_view),
    Target("cartons of other brands flagged more with them", more_flagged, most=0.0),
    *(designs_in(family, [family], least) for family, least in TURNED.items()),
    *(
        designs_in(f"turntable, {colour}", [f"{name}-{colour}" for name in TURNTABLES], least)
        for colour, least in RECOLOURED.items()
    ),
    *(designs_in(family, [family], LOGO_RECALL) for family in LOGO_SCENES),
    Target("logo scenes: right design, mean", mean_recall(LOGO_SCENES.__contains__), least=0.92),
    designs_in("shelves of 2 to 4", FEW_PRODUCTS, 0.95),
    designs_in("shelf of 6", ["shelf-6"], 0.95),
    designs_in("whole shelf, 12 and 24", WHOLE_SHELF, 0.60),
    designs_in("shelf-noisy", ["shelf-noisy"], None),
    *(designs_in(f"long-{ratio}", [f"long-{ratio}"], LONG_RECALL) for ratio in RATIOS),
    Target(
        "false alerts: unrelated photo, produce, edits",
        lambda rows, threshold: as_figure(false_alerts(clean(rows), threshold)),
        most=0.001,
    ),
    flagged_in("unrelated-object", ["unrelated-object"], 0.01),
    flagged_in("unrelated-object, recoloured", RECOLOURED_OBJECTS, 0.01),
    flagged_in("unrelated-mark", ["unrelated-mark"], 0.005),
    Target("logo scenes: another brand's design", share_of(LOGO_SCENES, shows_other), most=0.005),
    Target(
        "wrong brand: shop and sibling photos",
        lambda rows, _: as_figure(wrong_brand(rows)),
        most=0.005,
    ),
    Target(
        "sibling-photo: taken for the same design",
        share_of(["sibling-photo"], is_taken_for_same),
        most=0.05,
    ),
    Target("time a picture, p95", p95(is_single), most=300, unit="ms"),
    Target("time a shelf, p95", p95(lambda family: family.startswith(SHELVES)), unit="ms"),
    Target("time a long picture, p95", p95(lambda family: family.startswith(LONG)), unit="ms"),
)


def results(rows: Sequence[Row], threshold: float) -> list[Result]:
    return [result(target, target.measure(rows, threshold)) for target in TARGETS]


def result(target: Target, figure: Figure | None) -> Result:
    if figure is None:
        return Result(target.name, target.aim, None, "", None, target.unit)
    return Result(
        target.name,
        target.aim,
        figure.value,
        figure.detail,
        target.met(figure.value),
        target.unit,
        figure.interval,
    )
