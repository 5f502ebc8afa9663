"""Publishes verdicts, alerts, decisions and appeals, in the transaction that makes them true."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from detection.delivery.models import EventType
from detection.intake.actions.publish import not_looked_at, publish
from detection.intake.models import Listing, Verdict
from detection.review.assessments import Assessment
from detection.review.models import Alert, Appeal, Decision, PastDecision
from detection.review.statement.statement import Ground, Restriction, statement
from detection.review.verdict import RULES, Rule, verdict_of

VERDICT_EVENTS = {
    Verdict.ALLOW: EventType.LISTING_RELEASED,
    Verdict.HOLD: EventType.LISTING_HELD,
    Verdict.BLOCK: EventType.LISTING_BLOCKED,
}


def publish_verdict(listing: Listing, before: str) -> None:
    """Publishes the verdict of a current listing; checks have their own event. `listing.released` is also
    published when nothing matched at first: silence is never an allow.
    """
    if listing.purpose != Listing.Purpose.LISTING or not listing.is_current:
        return
    publish(
        listing,
        VERDICT_EVENTS[Verdict(listing.verdict)],
        {"before": before} | listing_state(listing),
    )


def listing_state(listing: Listing) -> dict[str, Any]:
    """Returns the verdict with its reasons, restrictions and statement, which may change while the verdict
    stays.
    """
    return {
        "verdict": listing.verdict,
        "reasons": listing.reasons,
        "restrictions": listing.restrictions,
        "statement": listing.statement,
        **not_looked_at(listing),
    }


def publish_raised(alert: Alert) -> None:
    publish(
        alert.listing,
        EventType.ALERT_RAISED,
        about_alert(alert) | {"match_kind": alert.match_kind},
    )


def about_alert(alert: Alert) -> dict[str, Any]:
    return {
        "alert": str(alert.pk),
        "brand": alert.brand.name,
        "brand_id": str(alert.brand_id),
    }


def publish_decided(decision: Decision, listing: Listing) -> None:
    """Publishes a decision once the listing is assessed by it."""
    what = {"outcome": decision.outcome, "reason": decision.reason}
    publish(
        listing,
        EventType.ALERT_DECIDED,
        about_alert(decision.alert) | what | listing_state(listing),
    )


def publish_reopened(decision: Decision, reason: str, listing: Listing) -> None:
    """Publishes a reopened decision once the listing is assessed without it."""
    what = {"outcome": decision.outcome, "reason": reason}
    publish(
        listing,
        EventType.ALERT_REOPENED,
        about_alert(decision.alert) | what | listing_state(listing),
    )


def publish_appeal_decided(appeal: Appeal, listing: Listing) -> None:
    """Publishes the end of an appeal once the listing is assessed by it."""
    what = {
        "appeal": str(appeal.pk),
        "brand": appeal.brand.name,
        "brand_id": str(appeal.brand_id),
        "state": appeal.state,
        "note": appeal.note,
    }
    publish(listing, EventType.APPEAL_DECIDED, what | listing_state(listing))


def statement_of(listing: Listing, assessments: Sequence[Assessment]) -> dict[str, Any] | None:
    """Returns the statement of reasons, or None without a restriction, for claims of verified claimants."""
    if listing.verdict not in {Verdict.HOLD, Verdict.BLOCK} or not listing.verdict_at:
        return None
    restricting = [assessment for assessment in assessments if assessment.restricts]
    missing: list[int] = []
    if listing.incomplete_as == listing.verdict:
        positions = listing.images.refused().order_by("position")
        missing = [position + 1 for position in positions.values_list("position", flat=True)]
    return statement(
        Restriction(
            verdict=Verdict(listing.verdict),
            title=str(listing),
            since=listing.verdict_at,
            territories=listing.territories,
            grounds=[ground_of(assessment) for assessment in restricting],
            missing=missing,
            appeal_days=settings.APPEAL_DAYS,
            corrects=corrects(listing, restricting),
        )
    )


def corrects(listing: Listing, restricting: Sequence[Assessment]) -> bool:
    """Whether the seller got an earlier statement for a decision that was reopened since."""
    reopened = PastDecision.objects.reopened_on(listing)
    return reopened.filter(
        alert__brand__in=[assessment.brand for assessment in restricting]
    ).exists()


def ground_of(assessment: Assessment) -> Ground:
    right = assessment.right
    assert right  # noqa: S101 - nothing is restricted without a right
    return Ground(
        brand=assessment.brand.name,
        design=assessment.design.name,
        picture=assessment.match.listing_image.position + 1,
        right_kind=right.right_kind,
        office=right.office,
        number=right.number,
        territories=sorted(assessment.territories),
        automated_decision=assessment.rule != Rule.INFRINGING,
        decision_reason=assessment.decision_reason if assessment.rule == Rule.INFRINGING else "",
    )


def reason_of(rule: Rule) -> dict[str, str]:
    return {"rule": rule.value, "verdict": verdict_of(rule).value, "text": RULES[rule][1]}


def reason(assessment: Assessment) -> dict[str, str]:
    return {
        "brand": assessment.brand.name,
        "brand_id": str(assessment.brand.pk),
        **reason_of(assessment.rule),
    }
