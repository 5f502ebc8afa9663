"""Compares two runs: figures by family, targets, and listing by listing. Times count for nothing."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from lab.benchmark.environment import flat
from lab.benchmark.families import in_order, shows_nothing_else
from lab.benchmark.report import aligned, percent
from lab.benchmark.targets import shown

POINTS = 2.0  # of similarity; less is not named
NOT_COMPARED = {"commit", "processes", "cores"}

type Row = Mapping[str, Any]
type Key = tuple[str, str, str]


@dataclass(frozen=True)
class Run:
    """What `benchmark --json` wrote. `listings` is by family, path and design."""

    families: Mapping[str, Row]
    targets: Mapping[str, Row]
    environment: Mapping[str, Any]
    threshold: float
    listings: Mapping[Key, Row]


@dataclass(frozen=True)
class Change:
    """One listing in both runs."""

    key: Key
    before: Row
    after: Row

    def line(self, name: str) -> str:
        was, now = (f"{row[name]:.1f} ({taken(row, name)})" for row in (self.before, self.after))
        return f"{' '.join(filter(None, self.key))}: {was} -> {now}"


def read_run(path: Path) -> Run:
    """Raises CommandError."""
    try:
        stored = json.loads(path.read_text())
        return Run(
            stored["families"],
            {one["target"]: one for one in stored["targets"]},
            flat(stored["environment"]),
            float(stored["overall"]["threshold"]),
            {(one["family"], one["path"], one["design_id"]): one for one in stored["listings"]},
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise CommandError(f"{path} was not written by benchmark --json: {error}") from error


def comparison(before: Run, after: Run, most: int) -> tuple[str, bool]:
    """Returns the text, with at most that many listings a part, and whether anything changed but times."""
    changes = [
        Change(key, before.listings[key], after.listings[key])
        for key in sorted(before.listings.keys() & after.listings.keys())
    ]
    parts = {
        "versions": versions(before, after),
        "listings in one run alone": missing(before, after),
        "families": families(before, after),
        "targets": targets(before, after),
    }
    parts |= dict(listing_parts(changes, before.threshold, after.threshold, most))
    shown_parts = [f"== {title}\n{text}" for title, text in parts.items() if text]
    differs = any(text for title, text in parts.items() if title not in {"versions", "targets"})
    return "\n\n".join(shown_parts) if differs else "No listing changed.", differs


def versions(before: Run, after: Run) -> str:
    names = sorted((before.environment.keys() | after.environment.keys()) - NOT_COMPARED)
    pairs = [(name, before.environment.get(name), after.environment.get(name)) for name in names]
    return aligned([(name, str(was), "->", str(now)) for name, was, now in pairs if was != now])


def missing(before: Run, after: Run) -> str:
    lines = []
    for name, one, other in (("before", before, after), ("after", after, before)):
        only = Counter(family for family, *_ in one.listings.keys() - other.listings.keys())
        if only:
            told = ", ".join(f"{only[family]} {family}" for family in in_order(only))
            lines.append(f"only {name}: {told}")
    return "\n".join(lines)


def families(before: Run, after: Run) -> str:
    """Returns a line for each family whose figures changed."""
    lines = []
    for name in in_order(before.families.keys() | after.families.keys()):
        was, now = (family_cells(run.families.get(name)) for run in (before, after))
        if was != now:
            lines.append((name, *(cell for pair in zip(was, now, strict=True) for cell in pair)))
    if not lines:
        return ""
    head = ("family", "recall before", "after", "brand before", "after")
    return aligned([(*head, "false alerts before", "after"), *lines])


def family_cells(figures: Row | None) -> tuple[str, ...]:
    if figures is None:
        return "-", "-", "-"
    alerts = f"{figures['false_alerts']} of {figures.get('pictures', figures['listings'])}"
    return percent(figures["recall_design"]), percent(figures["recall_brand"]), alerts


def targets(before: Run, after: Run) -> str:
    """Returns a line for each target that either run measured."""
    names = list(dict.fromkeys([*after.targets, *before.targets]))
    lines = [
        target_cells(name, before.targets.get(name), after.targets.get(name)) for name in names
    ]
    measured = [line for line in lines if (line[2], line[3]) != ("-", "-")]
    return aligned([("target", "asked", "before", "after", ""), *measured]) if measured else ""


def target_cells(name: str, before: Row | None, after: Row | None) -> tuple[str, ...]:
    last = after or before or {}
    verdicts = {True: "met", False: "MISSED", None: ""}
    was, now = (verdicts[one["met"] if one else None] for one in (before, after))
    told = now if was == now else f"{was or '-'} -> {now or '-'}"
    return name, last["aim"] or "-", value(before), value(after), told


def value(result: Row | None) -> str:
    if result is None or result["figure"] is None:
        return "-"
    return shown(result["figure"], result.get("unit", "%"))


# --- listings -----------------------------------------------------------------------------------
def listing_parts(
    changes: list[Change], before: float, after: float, most: int
) -> Iterator[tuple[str, str]]:
    """Yields the listings of each kind of change; one that is named is not repeated as moved."""

    def crossed(name: str, *, up: bool) -> list[Change]:
        return [
            one
            for one in changes
            if (one.before[name] >= before) is not up and (one.after[name] >= after) is up
        ]

    known = [one for one in changes if one.after["design_id"]]
    gained = [one for one in crossed("design_similarity", up=True) if one in known]
    lost = [one for one in crossed("design_similarity", up=False) if one in known]
    alerts = [one for one in crossed("other_similarity", up=True) if is_false(one)]
    calmed = [one for one in crossed("other_similarity", up=False) if is_false(one)]
    told = [one.key for one in (*gained, *lost, *alerts, *calmed)]
    moved = [one for one in changes if one.key not in told and has_moved(one)]
    yield "gained", listed(gained, "design_similarity", most)
    yield "lost", listed(lost, "design_similarity", most)
    yield "newly flagged for another brand", listed(alerts, "other_similarity", most)
    yield "no longer flagged for another brand", listed(calmed, "other_similarity", most)
    yield f"changed by more than {POINTS:g} points", listed(moved, "similarity", most)


def is_false(change: Change) -> bool:
    return shows_nothing_else(change.key[0])


def has_moved(change: Change) -> bool:
    names = ("similarity", "design_similarity", "other_similarity")
    return any(abs(change.after[name] - change.before[name]) > POINTS for name in names)


def listed(changes: list[Change], name: str, most: int) -> str:
    lines = [change.line(name) for change in changes[:most]]
    if len(changes) > most:
        lines.append(f"and {len(changes) - most} more")
    count = f"{len(changes)} listing{'s' * (len(changes) != 1)}"
    return "\n".join([count, *lines]) if changes else ""


def taken(row: Row, name: str) -> str:
    """Returns which design had that score, as far as the run says so."""
    if not row[name]:
        return "nothing"
    if name == "design_similarity":
        return str(row["design_id"])
    if name == "other_similarity":
        return ", ".join(filter(None, (row.get("other_design"), row.get("other_channel")))) or "?"
    return f"{row['best_design']}, {row['channel']}"
