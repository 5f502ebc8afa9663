from lab.benchmark.figures import family_figures
from lab.benchmark.report import family_table
from tests.lab.benchmark.scenes import row


def test_the_table_has_a_line_a_family() -> None:
    text = family_table({"edit-crop": family_figures([row("edit-crop")], 85)}, {})
    assert text.splitlines()[1].startswith("edit-crop")
