from pathlib import Path

import pytest

from lab.benchmark.charts import draw
from lab.benchmark.families import by_family
from lab.benchmark.figures import family_figures, peer_recall
from lab.benchmark.rows import Scores
from tests.lab.benchmark.scenes import FOUND, row


def test_three_charts_are_drawn_of_whatever_was_run(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rows = [row("edit-crop", **FOUND, peers={"phash": Scores(60, 60)}), row("unrelated-photo")]
    families = {name: family_figures(of, 85) for name, of in by_family(rows).items()}
    draw(tmp_path / "all", rows, families, {"phash": peer_recall(rows, "phash", 85)}, 85)
    draw(tmp_path / "none", [], {}, {}, 85)
    for folder in ("all", "none"):
        assert len(list((tmp_path / folder).glob("*.png"))) == 3
