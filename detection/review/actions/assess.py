"""Derives a listing's alerts and verdict from its stored matches.

A changed right, licence, threshold or decision needs no new embedding: the stored matches suffice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.utils import timezone

from accounts.models import AuditEvent, Marketplace
from accounts.models.person import Person
from detection.intake.models import Listing, Verdict
from detection.review.actions.alert_spike import watch_for_alert_spike
from detection.review.actions.publish import (
    publish_appeal_decided,
    publish_raised,
    publish_verdict,
    reason,
    reason_of,
    statement_of,
)
from detection.review.assessments import Assessment, assessments_of
from detection.review.models import Alert, Appeal
from detection.review.models.alert import REVIEWABLE
from detection.review.verdict import RULES, SEVERITY, Rule, most_severe, verdict_of
from fingerprints.models import Brand

NOTHING_FOUND = {"rule": Rule.BELOW_THRESHOLD.value, "text": RULES[Rule.BELOW_THRESHOLD][1]}
BY_CHOICE: dict[str, Rule] = {
    Marketplace.Incomplete.HOLD: Rule.INCOMPLETE_HELD,
    Marketplace.Incomplete.ALLOW: Rule.INCOMPLETE_ALLOWED,
}
# Rules under which a match raises an alert for its brand; a reviewer decides the REVIEWABLE ones.
RAISING = {Rule.NOT_VERIFIED, Rule.NO_RIGHT, Rule.AWAITS_REVIEW, Rule.COPY_BLOCKED}


def assess_listing(*, listing: Listing) -> None:
    """Updates the listing's verdict and alerts, in the caller's transaction, which locks the listing.
    A second call changes nothing.
    """
    assessments = assessments_of(listing)
    assess_verdict(listing, assessments)
    if listing.is_published:
        assess_alerts(listing, assessments)


def assess_early(*, listing: Listing) -> None:
    """Sets a verdict once some pictures restrict the listing: other pictures can only make it more severe.
    Runs in the caller's transaction, which locks the listing.
    """
    assessments = assessments_of(listing)
    if most_severe(assessment.rule for assessment in assessments) != Verdict.ALLOW:
        assess_verdict(listing, assessments)


def assess_verdict(listing: Listing, assessments: Sequence[Assessment]) -> None:
    missing = note_missing_pictures(listing)
    rules = [*(assessment.rule for assessment in assessments), *missing]
    before, listing.verdict = listing.verdict, most_severe(rules)
    if changed := listing.verdict != before:
        listing.verdict_at = timezone.now()
    disclosed = [
        assessment for assessment in by_brand(assessments, severity) if assessment.facts.verified
    ]
    listing.reasons = [reason(assessment) for assessment in disclosed] or [NOTHING_FOUND]
    listing.reasons += [reason_of(rule) for rule in missing]
    listing.statement = statement_of(listing, disclosed)
    listing.save()
    if changed:
        AuditEvent.objects.record(
            "listing.verdict", subject=listing, by=None, before=before, after=listing.verdict
        )
        publish_verdict(listing, before)
    restricting = {assessment.brand.pk for assessment in disclosed if assessment.restricts}
    for appeal in listing.appeals.awaiting_decision().exclude(brand__in=restricting):
        end_appeal(appeal, Appeal.State.SETTLED, None)  # nothing is left to decide
        publish_appeal_decided(appeal, listing)


def note_missing_pictures(listing: Listing) -> list[Rule]:
    """Stores how many pictures could not be examined, and returns the rule that the marketplace chose for
    such listings.
    """
    listing.pictures_not_looked_at = listing.images.refused().count()
    choice = listing.marketplace.incomplete_listings if listing.pictures_not_looked_at else ""
    listing.incomplete_as = choice
    return [BY_CHOICE[choice]] if choice else []


def end_appeal(appeal: Appeal, state: Appeal.State, by: Person | None) -> None:
    """Ends the appeal in `state`, in the caller's transaction, which locks the listing. The caller publishes
    it once the listing is assessed.
    """
    appeal.state, appeal.decided_at = state, timezone.now()
    appeal.save()
    AuditEvent.objects.record(
        "appeal.decided",
        subject=appeal,
        by=by,
        listing=str(appeal.listing_id),
        brand=str(appeal.brand_id),
        state=state,
    )


def restrictions_on(listing: Listing) -> list[dict[str, str]]:
    """Returns the reasons of the claims that restrict the listing now, the most severe of each brand."""
    return [
        reason(assessment)
        for assessment in by_brand(assessments_of(listing), severity)
        if assessment.restricts
    ]


def assess_alerts(listing: Listing, assessments: Sequence[Assessment]) -> None:
    """Raises at most one alert per brand, and sets the current rule of each alert."""
    alerts = {alert.brand: alert for alert in listing.alerts.select_related("brand")}
    for assessment in by_brand(assessments, alerting):
        if assessment.rule in RAISING and assessment.brand not in alerts and listing.is_current:
            alerts[assessment.brand] = raise_alert(listing, assessment)
    rules = {assessment.brand: assessment.rule for assessment in by_brand(assessments, severity)}
    for brand, alert in alerts.items():
        apply_rule(alert, rules.get(brand, Rule.BELOW_THRESHOLD))


def raise_alert(listing: Listing, assessment: Assessment) -> Alert:
    alert = Alert.objects.create(
        listing=listing,
        brand=assessment.brand,
        match=assessment.match,
        similarity=assessment.match.similarity,
        match_kind=assessment.match.match_kind,
        rule="",
    )
    AuditEvent.objects.record("alert.raised", subject=alert, by=None, similarity=alert.similarity)
    watch_for_alert_spike(assessment.design)
    return alert


def apply_rule(alert: Alert, rule: Rule) -> None:
    """Sets the alert's rule and verdict, and publishes the alert once, when it first needs a reviewer."""
    if alert.rule == rule:
        return
    alert.rule, alert.verdict = rule.value, verdict_of(rule)
    if rule in REVIEWABLE and not alert.published_at:
        alert.published_at = timezone.now()
        publish_raised(alert)
    alert.save(update_fields=["rule", "verdict", "published_at"])


def by_brand(
    assessments: Sequence[Assessment], weight: Callable[[Assessment], int]
) -> Iterator[Assessment]:
    """Returns each brand's assessment of the greatest weight; among equals, the strongest match's."""
    groups: dict[Brand, list[Assessment]] = defaultdict(list)
    for assessment in assessments:
        groups[assessment.brand].append(assessment)
    return (max(group, key=weight) for group in groups.values())


def alerting(assessment: Assessment) -> int:
    """Of several designs, the alert shows the one that restricts the listing most."""
    return 1 + severity(assessment) if assessment.rule in RAISING else 0


def severity(assessment: Assessment) -> int:
    return SEVERITY.index(verdict_of(assessment.rule))
