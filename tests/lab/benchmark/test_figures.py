"""What of the rows is right, wrong or not told."""

from lab.benchmark.figures import family_figures, overall, peer_recall
from lab.benchmark.rows import Scores
from tests.lab.benchmark.scenes import asked, row


def test_a_flag_of_the_wrong_design_is_no_recall() -> None:
    rows = [
        row("shop-photo", design_id="a", brand="x", design_similarity=90.0, brand_similarity=90.0),
        row("shop-photo", design_id="a", brand="x", brand_similarity=90.0, flagged=True),
        row("shop-photo", design_id="a", brand="x", other_similarity=95.0, best_brand="y"),
        row("shop-photo", design_id="a", brand="x"),
    ]
    figures = family_figures(rows, 85)
    assert (figures["recall_design"], figures["recall_brand"]) == (0.25, 0.5)
    assert figures["false_alerts"] == 1
    assert overall(rows, 85)["wrong_brand"] == {"count": 1, "of": 4}


def test_nothing_registered_has_no_recall_but_false_alerts() -> None:
    figures = family_figures([row("unrelated-photo", other_similarity=86.0)], 85)
    assert figures["recall_design"] is None
    assert figures["false_alert_rate"] == 1


def test_a_false_alert_of_a_shelf_counts_once() -> None:
    rows = [
        row("shelf-2", path="a", design_id=name, other_similarity=90.0, design_similarity=90.0)
        for name in ("a", "b")
    ]
    figures = family_figures(rows, 85)
    assert (figures["listings"], figures["pictures"], figures["false_alerts"]) == (2, 1, 1)


def test_a_peer_is_compared_at_our_own_number_of_false_alerts() -> None:
    rows = [
        row("edit-crop", design_id="a", brand="x", peers={"p": Scores(design=0.4, other=0.1)}),
        row("unrelated-photo", peers={"p": Scores(other=0.5)}),
    ]
    assert peer_recall(rows, "p", 85)["edit-crop"] == 0
    one_alert = [*rows, row("unrelated-photo", other_similarity=90.0, peers={"p": Scores()})]
    assert peer_recall(one_alert, "p", 85)["edit-crop"] == 1


def test_a_listing_is_taken_for_one_thing_or_not_flagged() -> None:
    rows = [
        row("sibling-photo", flagged=True, match_kind="resemblance"),
        row("sibling-photo", match_kind="copy"),
    ]
    assert family_figures(rows, 85)["match_kinds"] == {
        "copy": 0,
        "same_design": 0,
        "resemblance": 1,
        "not_flagged": 1,
    }


def test_a_flag_of_another_brand_is_wrong_though_the_right_one_is_found_too() -> None:
    rows = [row("shop-photo", brand="x", best_brand="y", flagged=True, brand_similarity=90.0)]
    assert overall(rows, 85)["wrong_brand"] == {"count": 1, "of": 1}


def test_times_of_a_run_with_kept_vectors_are_not_told() -> None:
    rows = [row("same", milliseconds=None)]
    assert overall(rows, 85)["milliseconds"] == "not measured: cached"
    assert asked(rows, "time a picture, p95").verdict == "not measured"


def test_the_time_of_a_reused_result_does_not_count() -> None:
    rows = [row("same"), row("same", milliseconds=20.0, reused=True)]
    assert overall(rows, 85)["milliseconds"] == {"p50": 100, "p95": 100}
