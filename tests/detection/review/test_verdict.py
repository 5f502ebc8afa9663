from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detection.intake.models import Verdict
from detection.matching.models import MatchKind
from detection.review.models import Decision
from detection.review.verdict import RULES, Facts, Rule, most_severe, rule_for, verdict_of

Outcome = Decision.Outcome
ALLOW, HOLD, BLOCK = Verdict.ALLOW, Verdict.HOLD, Verdict.BLOCK

# A verified claimant with a right in force; thresholds are 85 and 97.
FOUND = Facts(90)
AUTOMATIC: dict[str, Any] = {"similarity": 97, "automatic": True}

# what is different -> verdict, rule
TABLE: list[tuple[dict[str, Any], Verdict, Rule]] = [
    # nothing reaches the threshold: nothing is restricted
    ({"similarity": 84.99}, ALLOW, Rule.BELOW_THRESHOLD),
    ({"similarity": 50, "verified": False}, ALLOW, Rule.BELOW_THRESHOLD),
    # the threshold itself counts: intercepted until a person has looked
    ({"similarity": 85}, HOLD, Rule.AWAITS_REVIEW),
    ({"similarity": 85, "match_kind": MatchKind.RESEMBLANCE}, HOLD, Rule.AWAITS_REVIEW),
    # not even the very picture is blocked without a person, unless that was switched on
    ({"similarity": 100}, HOLD, Rule.AWAITS_REVIEW),
    (AUTOMATIC, BLOCK, Rule.COPY_BLOCKED),
    # each thing that blocking at once needs
    (AUTOMATIC | {"similarity": 96.99}, HOLD, Rule.AWAITS_REVIEW),
    (AUTOMATIC | {"match_kind": MatchKind.SAME_DESIGN}, HOLD, Rule.AWAITS_REVIEW),
    (AUTOMATIC | {"match_kind": MatchKind.RESEMBLANCE}, HOLD, Rule.AWAITS_REVIEW),
    (AUTOMATIC | {"spiking": True}, HOLD, Rule.AWAITS_REVIEW),
    (AUTOMATIC | {"right": False}, ALLOW, Rule.NO_RIGHT),
    (AUTOMATIC | {"licensed": True}, ALLOW, Rule.LICENSED),
    (AUTOMATIC | {"verified": False}, ALLOW, Rule.NOT_VERIFIED),
    (AUTOMATIC | {"admitted": False}, ALLOW, Rule.NOT_ADMITTED),
    (AUTOMATIC | {"remembered": True}, ALLOW, Rule.REMEMBERED),
    # a person's word stands before what would happen at once
    (AUTOMATIC | {"outcome": Outcome.NEEDS_MORE}, HOLD, Rule.AWAITS_REVIEW),
    (AUTOMATIC | {"outcome": Outcome.NOT_INFRINGING}, ALLOW, Rule.CLEARED),
    # no verified claimant, no right, a licence: whatever was decided
    ({"verified": False, "outcome": Outcome.INFRINGING}, ALLOW, Rule.NOT_VERIFIED),
    ({"admitted": False, "outcome": Outcome.INFRINGING}, ALLOW, Rule.NOT_ADMITTED),
    # nobody learns anything where the marketplace has not admitted the claimant
    ({"admitted": False, "verified": False}, ALLOW, Rule.NOT_ADMITTED),
    ({"right": False, "outcome": Outcome.INFRINGING}, ALLOW, Rule.NO_RIGHT),
    ({"licensed": True, "outcome": Outcome.INFRINGING}, ALLOW, Rule.LICENSED),
    ({"right": False}, ALLOW, Rule.NO_RIGHT),
    ({"licensed": True}, ALLOW, Rule.LICENSED),
    # a reviewer's word
    ({"outcome": Outcome.INFRINGING}, BLOCK, Rule.INFRINGING),
    ({"outcome": Outcome.NOT_INFRINGING}, ALLOW, Rule.CLEARED),
    ({"outcome": Outcome.LICENSED}, ALLOW, Rule.CLEARED),
    ({"outcome": Outcome.GENUINE_GOODS}, ALLOW, Rule.CLEARED),
    # who needs more has not decided
    ({"outcome": Outcome.NEEDS_MORE}, HOLD, Rule.AWAITS_REVIEW),
    # what was found not to infringe does not come back
    ({"remembered": True}, ALLOW, Rule.REMEMBERED),
    ({"remembered": True, "outcome": Outcome.INFRINGING}, BLOCK, Rule.INFRINGING),
    # an appeal undoes hold and block
    ({"released": True}, ALLOW, Rule.APPEALED),
    ({"released": True, "outcome": Outcome.INFRINGING}, ALLOW, Rule.APPEALED),
    # a threshold raised after the alert takes nothing from what a person has judged
    ({"similarity": 80, "outcome": Outcome.INFRINGING}, BLOCK, Rule.INFRINGING),
    ({"similarity": 80, "outcome": Outcome.NEEDS_MORE}, HOLD, Rule.AWAITS_REVIEW),
]


@pytest.mark.parametrize(("different", "verdict", "rule"), TABLE)
def test_what_a_claim_leads_to(different: dict[str, Any], verdict: Verdict, rule: Rule) -> None:
    found = rule_for(replace(FOUND, **different))
    assert found == rule
    assert verdict_of(found) == verdict


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([], ALLOW),
        ([Rule.BELOW_THRESHOLD, Rule.AWAITS_REVIEW], HOLD),
        ([Rule.INFRINGING, Rule.AWAITS_REVIEW, Rule.CLEARED], BLOCK),
        ([Rule.CLEARED, Rule.AWAITS_REVIEW], HOLD),
        ([Rule.CLEARED, Rule.NOT_VERIFIED], ALLOW),
    ],
)
def test_the_gravest_claim_decides(rules: list[Rule], verdict: Verdict) -> None:
    assert most_severe(rules) == verdict


def test_no_rule_leaves_the_marketplace_without_a_verdict() -> None:
    assert set(RULES) == set(Rule)
    assert Verdict.PENDING not in {verdict for verdict, _ in RULES.values()}


def test_only_a_reviewer_or_what_both_sides_agreed_to_blocks() -> None:
    blocking = [rule for rule, (verdict, _) in RULES.items() if verdict == BLOCK]
    assert blocking == [Rule.INFRINGING, Rule.COPY_BLOCKED]


def test_the_table_has_every_rule() -> None:
    """But those that are asked of a listing, whatever its matches are."""
    of_listings = {Rule.INCOMPLETE_HELD, Rule.INCOMPLETE_ALLOWED}
    assert {rule for _, _, rule in TABLE} == set(Rule) - of_listings


def test_every_outcome_leads_somewhere() -> None:
    rules = {rule_for(replace(FOUND, outcome=outcome)) for outcome in Outcome}
    assert rules == {Rule.INFRINGING, Rule.CLEARED, Rule.AWAITS_REVIEW}


def test_the_docs_have_the_table_of_these_very_rules() -> None:
    rows = [f"| `{rule}` | {verdict} | {text} |" for rule, (verdict, text) in RULES.items()]
    assert "\n".join(rows) in Path("docs/verdicts.md").read_text()
