"""Derives the verdict from the facts of a match: one pure function and one table of rules.

A hold or block needs a verified right and an owner whom the marketplace admits. Without a person only a
copy is blocked, and only if its owner and the marketplace agreed to automatic blocks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop

from detection.intake.models import Verdict
from detection.matching.models import MatchKind
from detection.review.models import Decision


class Rule(StrEnum):
    """The rule behind a verdict, as a stable code; RULES has the sentence."""

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
    """The facts of one match that decide its verdict.

    `admitted`: the marketplace admits the claimant. `right`: a right in force covers the design where the
    listing is offered. `automatic`: brand and marketplace both switched on automatic blocks of copies.
    `spiking`: the design raises so many more alerts than forecast that only people may block. `outcome`:
    the decision in effect, or None. `remembered`: the same pixels of the same seller were decided not to
    infringe this design. `released`: an appeal lifted this brand's restriction.
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


# In the order of `conditions`: the first rule that applies to a match counts. The last two apply to the
# listing as a whole, in addition to the rules of its matches.
RULES: dict[Rule, tuple[Verdict, str]] = {
    Rule.BELOW_THRESHOLD: (
        Verdict.ALLOW,
        gettext_noop("No registered design reaches its threshold."),
    ),
    Rule.NOT_ADMITTED: (
        Verdict.ALLOW,
        gettext_noop(
            "A design matches, but the marketplace does not admit its owner: nothing is restricted."
        ),
    ),
    Rule.NOT_VERIFIED: (
        Verdict.ALLOW,
        gettext_noop("A design matches, but its owner is not verified: nothing is restricted."),
    ),
    Rule.NO_RIGHT: (
        Verdict.ALLOW,
        gettext_noop(
            "A design matches, but no verified right in force covers it here: nothing is restricted."
        ),
    ),
    Rule.LICENSED: (
        Verdict.ALLOW,
        gettext_noop("The seller has a licence for the matching design."),
    ),
    Rule.APPEALED: (Verdict.ALLOW, gettext_noop("An appeal lifted the restriction.")),
    Rule.INFRINGING: (
        Verdict.BLOCK,
        gettext_noop("A reviewer decided that the listing infringes a registered design."),
    ),
    Rule.CLEARED: (
        Verdict.ALLOW,
        gettext_noop("A reviewer decided that the listing does not infringe."),
    ),
    Rule.REMEMBERED: (
        Verdict.ALLOW,
        gettext_noop("A reviewer decided earlier that this seller's picture does not infringe."),
    ),
    Rule.COPY_BLOCKED: (
        Verdict.BLOCK,
        gettext_noop(
            "A picture is a copy of a registered design, and copies of it are blocked automatically."
        ),
    ),
    Rule.AWAITS_REVIEW: (
        Verdict.HOLD,
        gettext_noop("A registered design matches: the listing is held until a reviewer decides."),
    ),
    Rule.INCOMPLETE_HELD: (
        Verdict.HOLD,
        gettext_noop(
            "Some pictures could not be examined: the listing is held until it is sent again."
        ),
    ),
    Rule.INCOMPLETE_ALLOWED: (
        Verdict.ALLOW,
        gettext_noop("Some pictures could not be examined; the marketplace allows such listings."),
    ),
}
# Under these rules nothing is restricted, whatever a reviewer decides.
POWERLESS = {Rule.NOT_ADMITTED, Rule.NOT_VERIFIED, Rule.NO_RIGHT, Rule.LICENSED, Rule.APPEALED}
SEVERITY = (Verdict.ALLOW, Verdict.HOLD, Verdict.BLOCK)


def rule_for(facts: Facts) -> Rule:
    return next(rule for rule, applies in conditions(facts) if applies)


def conditions(facts: Facts) -> Iterable[tuple[Rule, bool]]:
    """Yields the rules of a match in order. A decision counts even if the threshold was raised later."""
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
    yield Rule.COPY_BLOCKED, outcome is None and is_blocked_automatically(facts)
    yield Rule.AWAITS_REVIEW, True


def is_blocked_automatically(facts: Facts) -> bool:
    return (
        facts.automatic
        and not facts.spiking
        and facts.match_kind == MatchKind.COPY
        and facts.similarity >= facts.block_threshold
    )


def verdict_of(rule: Rule) -> Verdict:
    return RULES[rule][0]


def most_severe(rules: Iterable[Rule]) -> Verdict:
    """Returns the most severe verdict of the rules, ALLOW without any."""
    return max(map(verdict_of, rules), key=SEVERITY.index, default=Verdict.ALLOW)
