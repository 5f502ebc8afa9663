"""Draws the benchmark in three charts. Only development requires Matplotlib."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.management.base import CommandError

from lab.benchmark.families import clean, is_edit
from lab.benchmark.figures import false_alerts
from lab.benchmark.rows import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

type Recalls = dict[str, float | None]  # by family

OURS = "Brandguard"
COLOURS = ("#0b4f8a", "#d1603d", "#7a9e3b", "#8a5aa8")  # ours, then the peers
GREY = "#777777"
STEP = 0.25  # step on the similarity axis
FLOOR = 50  # no match is kept below this similarity


def require_matplotlib() -> None:
    try:
        importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise CommandError(
            "--charts needs matplotlib: pip install -r requirements-dev.txt, or leave it out."
        ) from error


def draw(
    folder: Path,
    rows: Sequence[Row],
    families: dict[str, dict[str, Any]],
    peers: dict[str, Recalls],
    threshold: float,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    recalls = {OURS: {name: found["recall_design"] for name, found in families.items()}, **peers}
    sizes = {name: found["listings"] for name, found in families.items()}
    charts = {
        "recall": recall_chart(recalls, sizes, threshold),
        "false-alerts": false_alert_chart(rows, threshold),
        "similarity": similarity_chart(rows, threshold),
    }
    for name, figure in charts.items():
        figure.savefig(folder / f"{name}.png", dpi=110)


def new_figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


# --- recall by family -----------------------------------------------------------------------------
def recall_chart(recalls: dict[str, Recalls], sizes: dict[str, int], threshold: float) -> "Figure":
    """Draws a panel for edits, one for other listings and, if measured, one for edits of other kinds."""
    panels: dict[str, list[str]] = {}
    for name in sizes:
        if recalls[OURS][name] is not None:
            panels.setdefault(panel_of(name), []).append(name)
    tallest = max(map(len, panels.values()), default=1)
    columns = max(1, len(panels))
    figure = new_figure(1 + 5.5 * columns, 2 + 0.36 * tallest)
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for panel, (title, names) in zip(axes, panels.items(), strict=False):
        panel.set_title(f"{title}: n = {sum(sizes[name] for name in names):,}")
        recall_panel(panel, recalls, names, sizes)
        panel.set_ylim(tallest - 0.5, -0.5)
    if panels:
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    equal = "; peers at as many false alerts" if len(recalls) > 1 else ""
    figure.suptitle(f"Listings flagged with the right design from {threshold:g} on{equal}")
    return figure


def panel_of(family: str) -> str:
    edit, _, kind = family.partition("/")
    if kind:
        return f"Edits of {kind}s"
    return "Edits of photographs and packaging" if is_edit(edit) else "Other listings"


def recall_panel(
    panel: "Axes", recalls: dict[str, Recalls], names: Sequence[str], sizes: dict[str, int]
) -> None:
    """Draws a line for each family with its methods one below the other, so that none hides another."""
    lines = np.arange(len(names))
    for line in lines[::2]:
        panel.axhspan(line - 0.5, line + 0.5, color="#f2f2f2", linewidth=0)
    for number, (method, found) in enumerate(recalls.items()):
        panel.plot(
            [100 * (found[name] or 0) for name in names],
            lines + 0.22 * (number - (len(recalls) - 1) / 2),
            linestyle="none",
            marker="osDv"[number % 4],
            markersize=6.5 if method == OURS else 4.5,
            color=COLOURS[number % len(COLOURS)],
            label=method,
            clip_on=False,
        )
    panel.set_yticks(lines, [f"{name} ({sizes[name]})" for name in names], fontsize=9)
    panel.set_xlim(-1, 101)
    panel.set_xlabel("recall, %")
    panel.grid(axis="x", color="#dddddd", linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)


# --- false alerts against the threshold -----------------------------------------------------------
def false_alert_chart(rows: Sequence[Row], threshold: float) -> "Figure":
    """Where no listing reaches a threshold, only the upper end of the band is drawn."""
    among = clean(rows)
    at = np.arange(FLOOR, 100 + STEP, STEP)
    shares = [false_alerts(among, limit) for limit in at]
    rate = np.array([100 * share.value or np.nan for share in shares])
    low, high = (np.array([100 * share.interval[end] for share in shares]) for end in (0, 1))
    least = 100 / max(1, len(among)) / 20
    figure = new_figure(9, 5.5)
    axes = figure.subplots()
    axes.set(yscale="log", ylim=(least, 100), xlim=(FLOOR, 100))
    axes.fill_between(
        at, low.clip(least), high, color=COLOURS[0], alpha=0.18, linewidth=0, label="95% interval"
    )
    axes.step(
        at,
        rate,
        where="post",
        color=COLOURS[0],
        linewidth=2,
        label="measured (no line: none)",
    )
    axes.axhline(0.1, color=COLOURS[1], linestyle=":", label="target: at most 0.1%")
    axes.set(xlabel="similarity threshold", ylabel="listings with a false alert, %")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    mark_threshold(axes, threshold)
    now = false_alerts(among, threshold)
    axes.set_title(
        f"False alerts on unrelated photographs, produce and edits: n = {len(among):,}\n"
        f"{now.count} at {threshold:g} ({now.value:.2%}, 95% interval "
        f"{now.interval[0]:.2%} to {now.interval[1]:.2%})"
    )
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.legend(loc="lower left", frameon=True)
    return figure


# --- similarity of pairs --------------------------------------------------------------------------
def similarity_chart(rows: Sequence[Row], threshold: float) -> "Figure":
    matching = [row.design_similarity for row in rows if row.design_id and "/" not in row.family]
    unrelated = [row.other_similarity for row in clean(rows)]
    figure = new_figure(9, 6.5)
    above, below = figure.subplots(2, 1, sharex=True)
    histogram(above, matching, f"Right design, all families: n = {len(matching):,}", COLOURS[0])
    histogram(
        below,
        unrelated,
        f"Best of any other brand, unrelated photographs, produce and edits: n = {len(unrelated):,}",
        COLOURS[1],
    )
    for axes in (above, below):
        mark_threshold(axes, threshold)
    below.set_xlabel(f"similarity (none is kept below {FLOOR}: the first bar)")
    below.set_xticks([FLOOR - 2, *range(FLOOR, 101, 5)], ["none", *map(str, range(FLOOR, 101, 5))])
    return figure


def histogram(axes: "Axes", values: Sequence[float], title: str, colour: str) -> None:
    """Uses a logarithmic scale, because the few on the wrong side matter."""
    edges = np.arange(FLOOR, 101, 1)
    counts, _ = np.histogram([value for value in values if value >= FLOOR], edges)
    none = sum(value < FLOOR for value in values)
    axes.set(yscale="log", ylim=(0.5, 3 * max(1, none, *counts)), xlim=(FLOOR - 3.5, 100.5))
    axes.bar(edges[:-1], counts, width=0.9, align="edge", color=colour)
    axes.bar([FLOOR - 2], [none], width=1.5, color=GREY)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set(title=title, ylabel="listings")
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def mark_threshold(axes: "Axes", threshold: float) -> None:
    axes.axvline(threshold, color="black", linestyle="--", linewidth=1)
    axes.annotate(
        f"threshold {threshold:g}",
        (threshold, 0.97),
        xycoords=("data", "axes fraction"),
        xytext=(-5, 0),
        textcoords="offset points",
        ha="right",
        va="top",
    )
