"""From what was found to what the marketplace is told: one pure function, one table of rules.

No verified right, and no owner whom the marketplace has admitted: no hold and no block. Without a
person nothing is blocked but a copy of what its owner and the marketplace agreed to have blocked at
once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop

from detection.intake.models import Verdict
from detection.matching.models import MatchKind
from detection.review.models import Decision


class Rule(StrEnum):
    """Why, in a word that stays the same; RULES says it in a sentence."""

    BELOW_THRESHOLD = "below_threshold"
    NOT_ADMITTED = "claimant_not_admitted"
    NOT_VERIFIED = "claimant_not_verified"
    NO_RIGHT = "no_right_in_force"
    LICENSED = "seller_licensed"
    APPEALED = "released_on_appeal"
    INFRINGING = "decided_infringing"
    CLEARED = "decided_not_infringing"
    REMEMBERED = "decided_before"
    COPY_BLOCKED = "copy_blocked"
    AWAITS_REVIEW = "awaits_review"
    INCOMPLETE_HELD = "pictures_missing_held"
    INCOMPLETE_ALLOWED = "pictures_missing_allowed"


@dataclass(frozen=True)
class Facts:
    """What one match says, with all that the law and its owner have to say about it.

    `admitted` is whether the listing's marketplace has admitted the claimant, `right` whether one in
    force covers the design where the listing is on offer. `automatic`:
    brand and marketplace have both switched on that copies are blocked without a person; `spiking`:
    the design flags so much more than was forecast that only people may judge. `outcome` is None
    until a reviewer's decision is in effect; `remembered` that the same seller's same pixels were
    found not to infringe this design; `released` that an appeal against this brand's claim ended so.
    """

    similarity: float
    match_kind: MatchKind = MatchKind.COPY
    review_threshold: float = 85
    block_threshold: float = 97
    admitted: bool = True
    verified: bool = True
    right: bool = True
    licensed: bool = False
    automatic: bool = False
    spiking: bool = False
    outcome: Decision.Outcome | None = None
    remembered: bool = False
    released: bool = False


# In the order in which they are asked of a match; the first that applies is the answer. The last two are
# asked of the listing, beside what its matches led to.
RULES: dict[Rule, tuple[Verdict, str]] = {
    Rule.BELOW_THRESHOLD: (
        Verdict.ALLOW,
        gettext_noop("No registered design reaches its threshold."),
    ),
    Rule.NOT_ADMITTED: (
        Verdict.ALLOW,
        gettext_noop(
            "A design matches, but the marketplace has not admitted its owner: nothing is restricted."
        ),
    ),
    Rule.NOT_VERIFIED: (
        Verdict.ALLOW,
        gettext_noop(
            "A design matches, but its owner has not been verified: nothing is restricted."
        ),
    ),
    Rule.NO_RIGHT: (
        Verdict.ALLOW,
        gettext_noop(
            "A design matches, but no verified right in force covers it here: nothing is restricted."
        ),
    ),
    Rule.LICENSED: (Verdict.ALLOW, gettext_noop("The seller is licensed to use what matches.")),
    Rule.APPEALED: (Verdict.ALLOW, gettext_noop("An appeal ended in the listing's favour.")),
    Rule.INFRINGING: (
        Verdict.BLOCK,
        gettext_noop("A reviewer decided that it infringes a registered design."),
    ),
    Rule.CLEARED: (Verdict.ALLOW, gettext_noop("A reviewer decided that it does not infringe.")),
    Rule.REMEMBERED: (
        Verdict.ALLOW,
        gettext_noop(
            "A reviewer decided earlier that these pictures of this seller do not infringe."
        ),
    ),
    Rule.COPY_BLOCKED: (
        Verdict.BLOCK,
        gettext_noop("A picture is a copy of a registered design that is blocked at once."),
    ),
    Rule.AWAITS_REVIEW: (
        Verdict.HOLD,
        gettext_noop("A registered design matches: held until a reviewer has decided."),
    ),
    Rule.INCOMPLETE_HELD: (
        Verdict.HOLD,
        gettext_noop(
            "Some of its pictures could not be looked at: held until they are sent again."
        ),
    ),
    Rule.INCOMPLETE_ALLOWED: (
        Verdict.ALLOW,
        gettext_noop(
            "Some of its pictures could not be looked at, which the marketplace chose to allow."
        ),
    ),
}
# Under these nothing is restricted whatever a reviewer decides.
POWERLESS = {Rule.NOT_ADMITTED, Rule.NOT_VERIFIED, Rule.NO_RIGHT, Rule.LICENSED, Rule.APPEALED}
SEVERITY = (Verdict.ALLOW, Verdict.HOLD, Verdict.BLOCK)


def rule_for(facts: Facts) -> Rule:
    return next(rule for rule, applies in conditions(facts) if applies)


def conditions(facts: Facts) -> Iterable[tuple[Rule, bool]]:
    """A threshold that is raised later takes nothing from an alert that a person has judged."""
    outcome = facts.outcome
    judged = outcome not in {None, Decision.Outcome.NEEDS_MORE}
    yield Rule.BELOW_THRESHOLD, outcome is None and facts.similarity < facts.review_threshold
    yield Rule.NOT_ADMITTED, not facts.admitted
    yield Rule.NOT_VERIFIED, not facts.verified
    yield Rule.NO_RIGHT, not facts.right
    yield Rule.LICENSED, facts.licensed
    yield Rule.APPEALED, facts.released
    yield Rule.INFRINGING, outcome == Decision.Outcome.INFRINGING
    yield Rule.CLEARED, judged
    yield Rule.REMEMBERED, outcome is None and facts.remembered
    yield Rule.COPY_BLOCKED, outcome is None and blocked_at_once(facts)
    yield Rule.AWAITS_REVIEW, True


def blocked_at_once(facts: Facts) -> bool:
    return (
        facts.automatic
        and not facts.spiking
        and facts.match_kind == MatchKind.COPY
        and facts.similarity >= facts.block_threshold
    )


def verdict_of(rule: Rule) -> Verdict:
    return RULES[rule][0]


def most_severe(rules: Iterable[Rule]) -> Verdict:
    """A listing's verdict: the gravest of what each claim leads to, allow when there is none."""
    return max(map(verdict_of, rules), key=SEVERITY.index, default=Verdict.ALLOW)
