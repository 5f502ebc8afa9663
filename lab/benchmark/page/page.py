"""One page with every false alert and every miss of a run, that needs no network and no other file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from lab.benchmark.enrolment import Registration
from lab.benchmark.faults import Fault, faults
from lab.benchmark.made.sources import spread
from lab.benchmark.outcome import Outcome
from lab.benchmark.page.shots import Order, Pair, Shot, points
from lab.benchmark.report import between, percent
from lab.benchmark.rows import Comparison, Job

MAX_PAIRS = 40  # of a family and kind; the JSON has all
HERE = Path(__file__).parent
ANCHORS = {"false alert": "alert", "wrong brand": "wrong", "miss": "miss"}


@dataclass(frozen=True)
class Card:
    fault: Fault
    pair: Pair

    @property
    def anchor(self) -> str:
        return ANCHORS[self.fault.kind]

    @property
    def scores(self) -> list[tuple[str, str]]:
        """Returns the channels' scores of the view that is shown, highest first."""
        known = self.fault.compared.scores if self.fault.compared else {}
        ranked = sorted(known.items(), key=lambda pair: -pair[1])
        return [(name, f"{score:.1f}") for name, score in ranked]

    @property
    def listing(self) -> Mapping[str, Any]:
        return outlined(self.pair.listing)

    @property
    def view(self) -> Mapping[str, Any]:
        compared = self.fault.compared
        return outlined(replace(self.pair.view, region=compared.view_polygon if compared else ()))


@dataclass(frozen=True)
class Section:
    """The faults of one family; `left_out` are those that are not shown, by kind."""

    name: str
    figures: Mapping[str, Any]
    counts: Mapping[str, int]
    cards: Sequence[Card]
    left_out: int

    @property
    def recall(self) -> str:
        return percent(self.figures["recall_design"])

    @property
    def interval(self) -> str:
        return between(self.figures["recall_interval"])

    @property
    def alerts(self) -> int:
        return self.counts["false alert"] + self.counts["wrong brand"]

    @property
    def misses(self) -> int:
        return self.counts["miss"]


def outlined(shot: Shot) -> Mapping[str, Any]:
    return {
        "url": shot.url,
        "width": shot.width,
        "height": shot.height,
        "points": points(shot.region),
        "note": shot.note,
    }


def chosen(found: Sequence[Fault]) -> list[Fault]:
    """Returns at most MAX_PAIRS of each family and kind, spread evenly, false alerts first."""
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in sorted(found, key=lambda one: list(ANCHORS).index(one.kind)):
        groups.setdefault((fault.row.family, fault.kind), []).append(fault)
    return [fault for group in groups.values() for fault in spread(group, MAX_PAIRS)]


def orders(
    found: Sequence[Fault], jobs: Sequence[Job], designs: Sequence[Registration]
) -> list[Order]:
    """Returns what has to be drawn, in the order of the faults."""
    by_name = {(job.family, job.path): job for job in jobs}
    views = {(one.name, path.name): path for one in designs for path in one.views}
    return [
        Order(
            by_name[fault.row.family, fault.row.path],
            fault.compared.listing_polygon if fault.compared else (),
            view_of(fault.design, fault.compared, views),
        )
        for fault in found
    ]


def view_of(
    design: str, compared: Comparison | None, views: Mapping[tuple[str, str], Path]
) -> Path | None:
    """Returns the view's file; of a design that was refused, its first view."""
    if compared:
        return views.get((design, compared.view))
    return next((path for (name, _), path in views.items() if name == design), None)


def page(found: Outcome, shown: Sequence[Fault], pairs: Sequence[Pair]) -> str:
    """Returns the page; `pairs` are the pictures of the faults that are shown."""
    cards = [Card(fault, pair) for fault, pair in zip(shown, pairs, strict=True)]
    everything = faults(found.rows, found.threshold)
    sections = [
        section(name, figures, everything, cards) for name, figures in found.families.items()
    ]
    channels = ", ".join(
        f"{name} {one['version']} ({one['encoder']['name']} {one['encoder']['version']})"
        for name, one in found.environment["channels"].items()
    )
    known = {
        "targets": found.targets,
        "missed": sum(one.met is False for one in found.targets),
        "met": sum(one.met is True for one in found.targets),
        "sections": sections,
        "faulty": [one for one in sections if one.cards],
        "overall": found.whole,
        "versions": found.environment,
        "channels": channels,
    }
    return Engine(dirs=[str(HERE)]).get_template("page.html").render(Context(known))


def section(
    name: str, figures: Mapping[str, Any], found: Sequence[Fault], cards: Sequence[Card]
) -> Section:
    of = [fault for fault in found if fault.row.family == name]
    counts = {kind: sum(fault.kind == kind for fault in of) for kind in ANCHORS}
    drawn = [card for card in cards if card.fault.row.family == name]
    return Section(name, figures, counts, drawn, len(of) - len(drawn))
