"""The statement of reasons: the fields of Article 17."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from detection.intake.models import Verdict
from detection.review.statement.statement import Ground, Restriction, statement

GROUND = Ground("Fizz", "Bottle", 2, "trade_mark", "EUIPO", "018000001", ["DE", "FR"], True)
HELD = Restriction(
    verdict=Verdict.HOLD,
    title="A bottle",
    since=datetime(2026, 11, 25, 8, 0, tzinfo=UTC),
    territories=["DE", "FR"],
    grounds=[GROUND],
    appeal_days=7,
)


@pytest.mark.parametrize(
    ("restriction", "what", "ends", "automated"),
    [
        (HELD, "suspended", "when_decided", True),
        (replace(HELD, verdict=Verdict.BLOCK), "disabled", "not_limited", True),
        (
            replace(
                HELD, verdict=Verdict.BLOCK, grounds=[replace(GROUND, automated_decision=False)]
            ),
            "disabled",
            "not_limited",
            False,
        ),
    ],
)
def test_it_says_what_where_how_long_and_by_whom(
    restriction: Restriction, what: str, ends: str, *, automated: bool
) -> None:
    made = statement(restriction)
    assert (made["restriction"], made["ends"], made["automated_decision"]) == (
        what,
        ends,
        automated,
    )
    assert made["territories"] == ["DE", "FR"]
    assert made["source"] == "own_initiative"
    assert made["automated_detection"] is True
    assert made["redress"] == ["internal_appeal", "out_of_court_settlement", "court"]


def test_it_reads_as_a_letter() -> None:
    text = statement(HELD)["text"]
    assert "Your listing “A bottle” is not shown until a reviewer decides." in text["en"]
    assert "Picture 2 shows the design “Bottle”, which Fizz has registered." in text["en"]
    assert "trade mark of Fizz: EUIPO 018000001, in force for DE, FR" in text["en"]
    assert "第 2 张图片" in text["zh"]
    assert "商标权" in text["zh"]


def test_it_says_infringing_only_where_a_person_decided_so() -> None:
    text = statement(HELD)["text"]["en"]
    assert "the listing may infringe a trade mark" in text
    assert "No person has decided this yet." in text
    said = replace(GROUND, automated_decision=False, decision_reason="picture_copied")
    decided = statement(replace(HELD, grounds=[said]))
    assert "a reviewer decided that the listing infringes" in decided["text"]["en"]
    assert "Reason: the picture is copied." in decided["text"]["en"]
    assert decided["facts"][0]["decision_reason"] == "picture_copied"


def test_it_says_where_it_corrects_an_earlier_one() -> None:
    made = statement(replace(HELD, corrects=True))
    assert made["corrects_earlier"]
    assert made["text"]["en"].startswith("This statement replaces an earlier one")
    assert "earlier statement" not in statement(HELD)["text"]["en"]


def test_a_listing_on_offer_everywhere_says_so() -> None:
    text = statement(replace(HELD, territories=[]))["text"]["en"]
    assert "all countries that the marketplace serves" in text


def test_copyright_may_be_in_no_register_and_in_force_everywhere() -> None:
    free = replace(GROUND, right_kind="copyright", office="", number="", territories=["*"])
    text = statement(replace(HELD, grounds=[free]))["text"]["en"]
    assert "copyright of Fizz, in force for all countries." in text
