"""Formats the tables that the benchmark prints."""

from collections.abc import Iterator, Sequence
from typing import Any

from lab.benchmark.families import shows_nothing_else
from lab.benchmark.figures import KINDS
from lab.benchmark.targets import Result

type Families = dict[str, dict[str, Any]]
type Recalls = dict[str, dict[str, float | None]]  # by peer, then by family


def summary(
    families: Families, peers: Recalls, results: Sequence[Result], whole: dict[str, Any]
) -> str:
    parts = {
        "recall and false alerts by family": family_table(families, peers),
        "match kinds of flagged listings": kind_table(families),
        "reported edits, where the right design is flagged": explanation_table(
            whole["explanations"]
        ),
        "targets": target_table(results),
        "overall": aligned(list(overall_lines(whole))),
    }
    return "\n\n".join(f"== {title}\n{text}" for title, text in parts.items())


def family_table(families: Families, peers: Recalls) -> str:
    """Formats a line for each family. A question mark stands where another brand can really be visible."""
    head = (
        "family",
        "n",
        "design",
        "95%",
        "brand",
        "median",
        "flagged",
        "false alerts",
        "95%",
        *peers,
    )
    return aligned([head, *(family_line(name, f, peers) for name, f in families.items())])


def family_line(name: str, figures: dict[str, Any], peers: Recalls) -> tuple[str, ...]:
    low, high = figures["false_alert_interval"]
    certain = shows_nothing_else(name)
    return (
        name,
        str(figures["listings"]),
        percent(figures["recall_design"]),
        between(figures["recall_interval"]),
        percent(figures["recall_brand"]),
        f"{figures['median_similarity']:.1f}",
        str(figures["flagged"]),
        f"{figures['false_alerts']}{'' if certain else '?'} ({figures['false_alert_rate']:.2%})",
        f"{low:.2%}-{high:.2%}",
        *(percent(recalls.get(name)) for recalls in peers.values()),
    )


def kind_table(families: Families) -> str:
    head = ("family", *(kind.replace("_", " ") for kind in KINDS))
    counts = [
        (name, *(str(figures["match_kinds"][kind]) for kind in KINDS))
        for name, figures in families.items()
    ]
    return aligned([head, *counts])


def explanation_table(aspects: dict[str, dict[str, Any]]) -> str:
    head = ("aspect", "judged", "within", "tolerance", "falsely reported")
    return aligned([head, *(explanation_line(name, found) for name, found in aspects.items())])


def explanation_line(aspect: str, figures: dict[str, Any]) -> tuple[str, ...]:
    return (
        aspect,
        str(figures["judged"]),
        percent(figures["within"]),
        f"{figures['tolerance']:g}",
        f"{figures['falsely_named']} of {figures['untouched']}",
    )


def target_table(results: Sequence[Result]) -> str:
    head = ("target", "asked", "figure", "95%", "", "counted")
    return aligned([head, *(target_line(result) for result in results)])


def target_line(result: Result) -> tuple[str, ...]:
    return (
        result.target,
        result.aim or "-",
        result.value,
        result.between,
        result.verdict,
        result.detail,
    )


def overall_lines(whole: dict[str, Any]) -> Iterator[tuple[str, str]]:
    alerts, wrong = whole["false_alerts"], whole["wrong_brand"]
    low, high = alerts["interval"]
    yield "threshold", f"{whole['threshold']:g}"
    yield "enrolled views", f"{whole['enrolled_views']:,}"
    yield "listings", f"{whole['listings']:,}"
    yield "false alerts", f"{alerts['count']} of {alerts['of']:,}, 95% {low:.2%}-{high:.2%}"
    yield "wrong brand", f"{wrong['count']} of {wrong['of']:,}"
    yield "micro-AP", f"{whole['micro_average_precision']:.4f}"
    yield "milliseconds a picture", milliseconds(whole["milliseconds"])
    yield "  a shelf", milliseconds(whole["milliseconds_shelf"])
    yield "  a long picture", milliseconds(whole["milliseconds_long"])
    for stage, spent in whole["stages"].items():
        yield f"  {stage}", milliseconds(spent)
    yield "refused designs", str(len(whole["refused_designs"]))
    yield from (("", reason) for reason in whole["refused_designs"][:10])
    yield "total seconds", str(whole["seconds"])


def milliseconds(spent: dict[str, float] | str) -> str:
    if isinstance(spent, str):
        return spent
    return f"p50 {spent['p50']:.0f}, p95 {spent['p95']:.0f}"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def between(interval: Sequence[float] | None) -> str:
    return "-" if interval is None else f"{interval[0]:.1%}-{interval[1]:.1%}"


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
