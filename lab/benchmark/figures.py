"""Computes figures from rows: by family, overall, and for peers."""

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from lab.benchmark.explanations import accuracies
from lab.benchmark.families import LONG, SHELVES, SHOPS, by_family, clean, is_single, pictures
from lab.benchmark.rows import Row, Scores
from lab.benchmark.statistics import Share, micro_average_precision, percentile, threshold_for
from lab.calibration.folder import OTHERS_BEHIND

NOT_FLAGGED = "not_flagged"
KINDS = ("copy", "same_design", "resemblance", NOT_FLAGGED)
CACHED = "not measured: cached"
NONE = "not measured: no such picture"


def family_figures(rows: Sequence[Row], threshold: float) -> dict[str, Any]:
    """Returns the figures of a family. Recall is None where its listings show nothing registered. A picture
    of several products counts once for each in recall, and once for false alerts.
    """
    designs = [row for row in rows if row.design_id]
    brands = [row for row in rows if row.brand]
    alerts = false_alerts(rows, threshold)
    kinds = Counter(row.match_kind if row.flagged else NOT_FLAGGED for row in rows)
    return {
        "listings": len(rows),
        "pictures": len(pictures(rows)),
        "recall_design": recall(designs, threshold, lambda row: row.design_similarity),
        "recall_interval": found(designs, threshold).interval if designs else None,
        "recall_brand": recall(designs and brands, threshold, lambda row: row.brand_similarity),
        "median_similarity": median(row.similarity for row in rows),
        "flagged": sum(row.flagged for row in rows),
        "false_alerts": alerts.count,
        "false_alert_rate": alerts.value,
        "false_alert_interval": alerts.interval,
        "match_kinds": {kind: kinds[kind] for kind in KINDS},
    }


def recall(rows: Sequence[Row], threshold: float, score: Callable[[Row], float]) -> float | None:
    return Share(sum(score(r) >= threshold for r in rows), len(rows)).value if rows else None


def found(rows: Sequence[Row], threshold: float) -> Share:
    """Returns the share of rows whose design was flagged."""
    return Share(sum(row.design_similarity >= threshold for row in rows), len(rows))


def false_alerts(rows: Sequence[Row], threshold: float) -> Share:
    """Counts pictures."""
    shown = pictures(rows)
    return Share(sum(row.other_similarity >= threshold for row in shown), len(shown))


def wrong_brand(rows: Sequence[Row]) -> Share:
    """Returns the share flagged with another brand's design, of listings that show a registered brand."""
    shops = [row for row in rows if row.family in SHOPS]
    return Share(sum(row.flagged and row.best_brand != row.brand for row in shops), len(shops))


def overall(rows: Sequence[Row], threshold: float) -> dict[str, Any]:
    alerts, wrong = false_alerts(clean(rows), threshold), wrong_brand(rows)
    counted = [row for row in rows if "/" not in row.family and is_single(row.family)]
    scored = [(row.design_similarity, True) for row in counted if row.design_similarity > 0]
    scored += [(row.other_similarity, False) for row in counted if row.other_similarity > 0]
    return {
        "threshold": threshold,
        "listings": len(rows),
        "false_alerts": {"count": alerts.count, "of": alerts.of, "interval": alerts.interval},
        "wrong_brand": {"count": wrong.count, "of": wrong.of},
        "micro_average_precision": micro_average_precision(
            scored, sum(bool(row.design_id) for row in counted)
        ),
        "explanations": accuracies(rows),
        "milliseconds": time_figures(rows, is_single),
        "milliseconds_shelf": time_figures(rows, lambda family: family.startswith(SHELVES)),
        "milliseconds_long": time_figures(rows, lambda family: family.startswith(LONG)),
        "stages": stage_figures([row for row in rows if is_single(row.family) and not row.reused]),
    }


def time_figures(rows: Sequence[Row], chosen: Callable[[str], bool]) -> dict[str, float] | str:
    """Returns the times of one picture, over the families that are chosen by name."""
    among = [row for row in rows if chosen(row.family)]
    times = measured_times(among)
    if times:
        return spread(times)
    return CACHED if among else NONE


def measured_times(rows: Sequence[Row]) -> list[float]:
    """Returns the times of pictures that were really matched, and not of results that were reused."""
    asked = [row for row in pictures(rows) if not row.reused]
    return [row.milliseconds for row in asked if row.milliseconds is not None]


def stage_figures(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    names = dict.fromkeys(name for row in rows for name in row.stages)
    return {name: spread([row.stages.get(name, 0.0) for row in rows]) for name in names}


def spread(times: Sequence[float]) -> dict[str, float]:
    return {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)}


def peer_recall(rows: Sequence[Row], peer: str, threshold: float) -> dict[str, float | None]:
    """Returns the recall of the right design by family. The peer's threshold gives it as many false alerts
    as ours on the same listings.
    """
    counted = [row for row in rows if row.family not in OTHERS_BEHIND and "/" not in row.family]
    alerts = false_alerts(counted, threshold).count
    limit = threshold_for([score_of(row, peer).other for row in counted], alerts)
    return {
        family: recall(
            [row for row in rows_of if row.design_id and peer in row.peers],
            limit,
            lambda row: score_of(row, peer).design,
        )
        for family, rows_of in by_family(rows).items()
    }


def score_of(row: Row, peer: str) -> Scores:
    return row.peers.get(peer, Scores())
