"""Figures from rows, and the tables that the benchmark prints."""

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from detection.benchmark.rows import Row, Scores
from detection.benchmark.statistics import (
    Share,
    micro_average_precision,
    percentile,
    threshold_for,
)
from detection.calibration.folder import OTHERS_BEHIND

# Families on which the false-alert target is stated: nothing registered of another brand is there.
CLEAN = ("unrelated-photo", "unrelated-produce", "edit-")


def by_family(rows: Sequence[Row]) -> dict[str, list[Row]]:
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row.family, []).append(row)
    return dict(sorted(families.items()))


def family_figures(rows: Sequence[Row], threshold: float) -> dict[str, Any]:
    """Recall is None for a family whose listings show nothing registered."""
    designs = [row for row in rows if row.design_id]
    brands = [row for row in rows if row.brand]
    alerts = Share(sum(row.other_similarity >= threshold for row in rows), len(rows))
    return {
        "listings": len(rows),
        "recall_design": recall(designs, threshold, lambda row: row.design_similarity),
        "recall_brand": recall(designs and brands, threshold, lambda row: row.brand_similarity),
        "median_similarity": median(row.similarity for row in rows),
        "flagged": sum(row.flagged for row in rows),
        "false_alerts": alerts.count,
        "false_alert_rate": alerts.value,
        "false_alert_interval": alerts.interval,
        "match_kinds": dict(Counter(row.match_kind for row in rows if row.flagged)),
    }


def recall(rows: Sequence[Row], threshold: float, score: Callable[[Row], float]) -> float | None:
    return Share(sum(score(r) >= threshold for r in rows), len(rows)).value if rows else None


def overall(rows: Sequence[Row], threshold: float) -> dict[str, Any]:
    clean = [row for row in rows if row.family.startswith(CLEAN)]
    shops = [row for row in rows if row.family in {"shop-photo", "sibling-photo"}]
    wrong = [r for r in shops if r.other_similarity >= threshold > r.brand_similarity]
    alerts = Share(sum(row.other_similarity >= threshold for row in clean), len(clean))
    scored = [(row.design_similarity, True) for row in rows if row.design_similarity > 0]
    scored += [(row.other_similarity, False) for row in rows if row.other_similarity > 0]
    times = [row.milliseconds for row in rows]
    return {
        "threshold": threshold,
        "listings": len(rows),
        "false_alerts": {"count": alerts.count, "of": alerts.of, "interval": alerts.interval},
        "wrong_brand": {"count": len(wrong), "of": len(shops)},
        "micro_average_precision": micro_average_precision(
            scored, sum(bool(row.design_id) for row in rows)
        ),
        "milliseconds": {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)},
        "stages": stage_figures(rows),
    }


def stage_figures(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    names = dict.fromkeys(name for row in rows for name in row.stages)
    return {
        name: {
            "p50": percentile([row.stages.get(name, 0.0) for row in rows], 0.5),
            "p95": percentile([row.stages.get(name, 0.0) for row in rows], 0.95),
        }
        for name in names
    }


def peer_recall(rows: Sequence[Row], peer: str, threshold: float) -> dict[str, float | None]:
    """Recall of the right design by family, at the peer's threshold of our own false-alert count
    over the same listings.
    """
    clean = [row for row in rows if row.family not in OTHERS_BEHIND]
    alerts = sum(row.other_similarity >= threshold for row in clean)
    limit = threshold_for([row.peers[peer].other for row in clean], alerts)

    def score(row: Row) -> float:
        found: Scores = row.peers[peer]
        return found.design

    return {
        family: recall([row for row in rows_of if row.design_id], limit, score)
        for family, rows_of in by_family(rows).items()
    }


def table(families: dict[str, dict[str, Any]], peers: dict[str, dict[str, float | None]]) -> str:
    head = ("family", "n", "design", "brand", "median", "flagged", "false alerts", "95%", *peers)
    lines = [head, *(line(name, f, peers) for name, f in families.items())]
    widths = [max(len(row[column]) for row in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in lines
    )


def line(
    name: str, figures: dict[str, Any], peers: dict[str, dict[str, float | None]]
) -> tuple[str, ...]:
    low, high = figures["false_alert_interval"]
    return (
        name,
        str(figures["listings"]),
        percent(figures["recall_design"]),
        percent(figures["recall_brand"]),
        f"{figures['median_similarity']:.1f}",
        str(figures["flagged"]),
        f"{figures['false_alerts']} ({figures['false_alert_rate']:.2%})",
        f"{low:.2%}-{high:.2%}",
        *(percent(recalls.get(name)) for recalls in peers.values()),
    )


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
