"""From stored matches to what people and marketplaces see: alerts and the listing's verdict.

Nothing is embedded again: what a right, a licence, a threshold or a decision changes is worked out
from matches that were kept.
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
# Rules under which a brand sees what was found; a person looks at those that are reviewable.
ALARMING = {Rule.NOT_VERIFIED, Rule.NO_RIGHT, Rule.AWAITS_REVIEW, Rule.COPY_BLOCKED}


def assess_listing(*, listing: Listing) -> None:
    """Within the caller's transaction, which holds the listing. Doing it again changes nothing."""
    assessments = assessments_of(listing)
    assess_verdict(listing, assessments)
    if listing.is_published:
        assess_alerts(listing, assessments)


def assess_early(*, listing: Listing) -> None:
    """What some of its pictures show already: other pictures only ever make a verdict graver. Within the
    caller's transaction, which holds the listing.
    """
    assessments = assessments_of(listing)
    if most_severe(assessment.rule for assessment in assessments) != Verdict.ALLOW:
        assess_verdict(listing, assessments)


def assess_verdict(listing: Listing, assessments: Sequence[Assessment]) -> None:
    missing = note_missing(listing)
    rules = [*(assessment.rule for assessment in assessments), *missing]
    before, listing.verdict = listing.verdict, most_severe(rules)
    if changed := listing.verdict != before:
        listing.verdict_at = timezone.now()
    told = [
        assessment
        for assessment in by_brand(assessments, gravity)
        if assessment.assessment.verified
    ]
    listing.reasons = [reason(assessment) for assessment in told] or [NOTHING_FOUND]
    listing.reasons += [reason_of(rule) for rule in missing]
    listing.statement = statement_of(listing, told)
    listing.save()
    if changed:
        AuditEvent.objects.record(
            "listing.verdict", subject=listing, by=None, before=before, after=listing.verdict
        )
        publish_verdict(listing, before)
    restricting = {assessment.brand.pk for assessment in told if assessment.restricts}
    for appeal in listing.appeals.awaiting_decision().exclude(brand__in=restricting):
        end_appeal(appeal, Appeal.State.SETTLED, None)  # there is nothing left to decide
        publish_appeal_decided(appeal, listing)


def note_missing(listing: Listing) -> list[Rule]:
    """The rule for a listing of whose pictures some could not be looked at, as its marketplace chose."""
    listing.pictures_not_looked_at = listing.images.refused().count()
    choice = listing.marketplace.incomplete_listings if listing.pictures_not_looked_at else ""
    listing.incomplete_as = choice
    return [BY_CHOICE[choice]] if choice else []


def end_appeal(appeal: Appeal, state: Appeal.State, by: Person | None) -> None:
    """However it ends. Within the caller's transaction, which holds the listing; it is told once the
    listing is settled.
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
    """Which claims restrict it as of now, the gravest of each brand."""
    return [
        reason(assessment)
        for assessment in by_brand(assessments_of(listing), gravity)
        if assessment.restricts
    ]


def assess_alerts(listing: Listing, assessments: Sequence[Assessment]) -> None:
    """One alert a brand, raised when something alarms; each says by which rule it stands."""
    alerts = {alert.brand: alert for alert in listing.alerts.select_related("brand")}
    for assessment in by_brand(assessments, alarm):
        if assessment.rule in ALARMING and assessment.brand not in alerts and listing.is_current:
            alerts[assessment.brand] = raise_alert(listing, assessment)
    rules = {assessment.brand: assessment.rule for assessment in by_brand(assessments, gravity)}
    for brand, alert in alerts.items():
        stand(alert, rules.get(brand, Rule.BELOW_THRESHOLD))


def raise_alert(listing: Listing, found: Assessment) -> Alert:
    alert = Alert.objects.create(
        listing=listing,
        brand=found.brand,
        match=found.match,
        similarity=found.match.similarity,
        match_kind=found.match.match_kind,
        rule="",
    )
    AuditEvent.objects.record("alert.raised", subject=alert, by=None, similarity=alert.similarity)
    watch_for_alert_spike(found.design)
    return alert


def stand(alert: Alert, rule: Rule) -> None:
    """Marketplaces are told of an alert once, when it first concerns a reviewer."""
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
    """Of each brand the one of most weight, of equals the strongest."""
    groups: dict[Brand, list[Assessment]] = defaultdict(list)
    for assessment in assessments:
        groups[assessment.brand].append(assessment)
    return (max(group, key=weight) for group in groups.values())


def alarm(assessment: Assessment) -> int:
    return int(assessment.rule in ALARMING)


def gravity(assessment: Assessment) -> int:
    return SEVERITY.index(verdict_of(assessment.rule))
