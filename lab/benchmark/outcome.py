"""Everything that one run found, as the report, the JSON, the charts and the page show it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lab.benchmark.families import by_family
from lab.benchmark.figures import family_figures, overall, peer_recall
from lab.benchmark.rows import Row
from lab.benchmark.targets import Result, results


@dataclass(frozen=True)
class Outcome:
    """`families` and `whole` are figures; `peers` is the recall by peer, then by family."""

    rows: Sequence[Row]
    threshold: float
    families: dict[str, dict[str, Any]]
    peers: dict[str, dict[str, float | None]]
    targets: Sequence[Result]
    whole: dict[str, Any]
    environment: Mapping[str, Any]

    def written(self) -> dict[str, Any]:
        """Returns what `--json` writes."""
        return {
            "families": self.families,
            "overall": self.whole,
            "targets": [asdict(target) for target in self.targets],
            "explanations": self.whole["explanations"],
            "peers": self.peers,
            "listings": [asdict(row) for row in self.rows],
            "environment": self.environment,
        }


def outcome(
    rows: Sequence[Row],
    threshold: float,
    peers: Sequence[str],
    run: Mapping[str, Any],
    environment: Mapping[str, Any],
) -> Outcome:
    """`run` has the figures of the run itself, which join those of the rows."""
    ordered = sorted(rows, key=lambda row: (row.family, row.path, row.design_id))
    return Outcome(
        ordered,
        threshold,
        {name: family_figures(of, threshold) for name, of in by_family(ordered).items()},
        {peer: peer_recall(ordered, peer, threshold) for peer in peers},
        results(ordered, threshold),
        {**overall(ordered, threshold), **run},
        environment,
    )
