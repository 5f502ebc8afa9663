"""From what was found to what the marketplace is told: one pure function, one table of rules.

No verified right, no hold and no block. Without a person nothing is blocked: only a reviewer's
decision does that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from detection.models import Decision, Verdict


class Rule(StrEnum):
    """Why, in a word that stays the same; RULES says it in a sentence."""

    BELOW_THRESHOLD = "below_threshold"
    NOT_VERIFIED = "claimant_not_verified"
    AWAITS_REVIEW = "awaits_review"
    INFRINGING = "decided_infringing"
    CLEARED = "decided_not_infringing"


@dataclass(frozen=True)
class Claim:
    """What one brand's strongest match says. `outcome` is None until a reviewer has decided."""

    similarity: float
    review_threshold: float
    verified: bool
    outcome: Decision.Outcome | None = None


RULES: dict[Rule, tuple[Verdict, str]] = {
    Rule.BELOW_THRESHOLD: (Verdict.ALLOW, "No registered design reaches its threshold."),
    Rule.NOT_VERIFIED: (
        Verdict.ALLOW,
        "A design matches, but its owner has not been verified: nothing is restricted.",
    ),
    Rule.AWAITS_REVIEW: (
        Verdict.HOLD,
        "A registered design matches: held until a reviewer has decided.",
    ),
    Rule.INFRINGING: (Verdict.BLOCK, "A reviewer decided that it infringes a registered design."),
    Rule.CLEARED: (Verdict.ALLOW, "A reviewer decided that it does not infringe."),
}
SEVERITY = (Verdict.ALLOW, Verdict.HOLD, Verdict.BLOCK)


def rule_for(claim: Claim) -> Rule:
    """A threshold that is raised later takes nothing from an alert that a person has judged."""
    if claim.outcome is None and claim.similarity < claim.review_threshold:
        return Rule.BELOW_THRESHOLD
    if not claim.verified:
        return Rule.NOT_VERIFIED
    if claim.outcome is None or claim.outcome == Decision.Outcome.NEEDS_MORE:
        return Rule.AWAITS_REVIEW
    if claim.outcome == Decision.Outcome.INFRINGING:
        return Rule.INFRINGING
    return Rule.CLEARED


def most_severe(rules: Iterable[Rule]) -> Verdict:
    """A listing's verdict: the gravest of what each claim leads to, allow when there is none."""
    return max((RULES[rule][0] for rule in rules), key=SEVERITY.index, default=Verdict.ALLOW)
