import pytest

from detection.matching.verdict import RULES, Claim, Rule, most_severe, rule_for
from detection.models import Decision, Verdict

Outcome = Decision.Outcome
ALLOW, HOLD, BLOCK = Verdict.ALLOW, Verdict.HOLD, Verdict.BLOCK

# similarity (the threshold is 85), verified, outcome -> verdict, rule
TABLE = [
    # nothing reaches the threshold: nothing is restricted
    (84.99, True, None, ALLOW, Rule.BELOW_THRESHOLD),
    (50, False, None, ALLOW, Rule.BELOW_THRESHOLD),
    # the threshold itself counts: intercepted until a person has looked
    (85, True, None, HOLD, Rule.AWAITS_REVIEW),
    # not even the very picture is blocked without a person
    (100, True, None, HOLD, Rule.AWAITS_REVIEW),
    # who has not been verified restricts nobody, whatever was decided
    (100, False, None, ALLOW, Rule.NOT_VERIFIED),
    (100, False, Outcome.INFRINGING, ALLOW, Rule.NOT_VERIFIED),
    # a reviewer's word
    (90, True, Outcome.INFRINGING, BLOCK, Rule.INFRINGING),
    (90, True, Outcome.NOT_INFRINGING, ALLOW, Rule.CLEARED),
    (90, True, Outcome.LICENSED, ALLOW, Rule.CLEARED),
    (90, True, Outcome.GENUINE_GOODS, ALLOW, Rule.CLEARED),
    # who needs more has not decided
    (90, True, Outcome.NEEDS_MORE, HOLD, Rule.AWAITS_REVIEW),
    # a threshold raised after the alert takes nothing from what a person has judged
    (80, True, Outcome.INFRINGING, BLOCK, Rule.INFRINGING),
    (80, True, Outcome.NEEDS_MORE, HOLD, Rule.AWAITS_REVIEW),
]


@pytest.mark.parametrize(("similarity", "verified", "outcome", "verdict", "rule"), TABLE)
def test_what_a_claim_leads_to(
    *, similarity: float, verified: bool, outcome: Outcome | None, verdict: Verdict, rule: Rule
) -> None:
    claim = Claim(similarity, review_threshold=85, verified=verified, outcome=outcome)
    assert rule_for(claim) == rule
    assert RULES[rule][0] == verdict


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


def test_only_a_reviewer_s_decision_blocks() -> None:
    assert [rule for rule, (verdict, _) in RULES.items() if verdict == BLOCK] == [Rule.INFRINGING]


def test_every_outcome_leads_somewhere() -> None:
    rules = {rule_for(Claim(90, 85, verified=True, outcome=outcome)) for outcome in Outcome}
    assert rules == {Rule.INFRINGING, Rule.CLEARED, Rule.AWAITS_REVIEW}
